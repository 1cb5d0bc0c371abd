import { once } from 'node:events'

import { startEmulator } from 'express-amazon-auth/emulator'

import { createApp } from '../src/app.js'

const keys = { clientId: 'id-of-a-test', clientSecret: 'secret-of-a-test' }

/** Starts the app with an emulator as its Amazon, and a browser that keeps cookies and follows nothing by itself. */
export async function startApp() {
  const emulator = await startEmulator({
    clients: [{ ...keys, allowedReturnUrls: [], allowAnyReturnUrl: true }],
  })
  const { app, auth } = createApp(
    { azAppId: keys.clientId, azSecret: keys.clientSecret },
    {
      store: { url: 'sqlite::memory:' },
      amazon: { authorizeUrl: emulator.authorizeUrl, apiUrl: emulator.apiUrl },
    },
  )
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${server.address().port}`
  const cookies = new Map()

  async function open(path, { headers, ...request } = {}) {
    const cookie = Array.from(cookies, ([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(new URL(path, origin), {
      redirect: 'manual',
      headers: { accept: 'text/html', cookie, ...headers },
      ...request,
    })
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      cookies.set(name, value)
    }
    return answer
  }

  return {
    open,
    /** Opens a path that leads to Amazon, allows, and returns where the app sends the browser in the end. */
    async signIn(path) {
      let to = path
      while (!to.startsWith(emulator.authorizeUrl)) to = locationOf(await open(to))
      return locationOf(await open(await emulator.allow(to)))
    },
    async close() {
      server.close()
      await auth.close()
      await emulator.close()
    },
  }
}

function locationOf({ status, headers }) {
  const location = headers.get('location')
  if (location === null) throw new Error(`answered ${status} and leads nowhere`)
  return location
}
