// A host that kills itself at a named point of a login: crash-child.ts <store url> <emulator origin> <point>
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import axios from 'axios'
import express from 'express'
import { MemoryStore, type SessionData } from 'express-session'

import { amazonAuth, requireUser } from '../../src'

const [, , url = '', emulator = '', point = ''] = process.argv
const die = (here: string): void => {
  if (here === point) process.kill(process.pid, 'SIGKILL')
}

class DyingStore extends MemoryStore {
  override set(id: string, session: SessionData, done?: (error?: unknown) => void): void {
    die('before the session is stored')
    super.set(id, session, (error?: unknown) => {
      die('after the session is stored')
      done?.(error)
    })
  }
}

const client = axios.create({ proxy: false })
client.interceptors.request.use((request) => {
  if (request.url?.endsWith('/auth/o2/token')) die('before the code is exchanged')
  return request
})
client.interceptors.response.use((response) => {
  if (response.config.url?.endsWith('/auth/o2/token')) die('after the code is exchanged')
  return response
})

const app = express()
app.use(
  amazonAuth({
    store: { url },
    amazon: { authorizeUrl: `${emulator}/ap/oa`, apiUrl: emulator },
    apps: { acme: { azAppId: 'crash-client', azSecret: 'crash-secret' } },
    axios: client,
    sessionStore: new DyingStore(),
    hooks: {
      mapProfile: () => {
        die('after the profile is read')
        return {}
      },
      onLogin: () => die('after the user is stored'),
    },
  }),
)
app.get('/acme', requireUser({ app: 'acme' }), (req, res) => {
  res.json(req.user)
})
const server = createServer(app).listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`)
})
