import { betterAuth } from 'better-auth'
import { getMigrations } from 'better-auth/db/migration'
import { toNodeHandler } from 'better-auth/node'
import { genericOAuth } from 'better-auth/plugins'
import express from 'express'
import { SqliteDialect } from 'kysely'
import { createRequire } from 'node:module'

import { settings } from './child.mjs'
import { serve } from './serve.mjs'

const { apiUrl, authorizeUrl, clientId, clientSecret, storeUrl } = settings
// The SQLite of this project, which has the interface of better-sqlite3, so that both work on the same one.
const Database = createRequire(import.meta.url)('libsql')

await serve(async (origin) => {
  const database = new Database(storeUrl.replace('sqlite:', ''))
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
  const auth = betterAuth({
    baseURL: origin,
    secret: 'a secret of thirty-two characters.',
    database: { dialect: new SqliteDialect({ database }), type: 'sqlite' },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    plugins: [genericOAuth({ config: [amazon()] })],
  })
  const { runMigrations } = await getMigrations(auth.options)
  await runMigrations()

  const app = express()
  app.get('/begin', async (_req, res) => {
    const { response, headers } = await auth.api.signInSocial({
      body: { provider: 'amazon', callbackURL: '/in' },
      returnHeaders: true,
    })
    res.setHeader('set-cookie', headers.getSetCookie())
    res.redirect(response.url)
  })
  return app.all('/api/auth/*path', toNodeHandler(auth))
})

function amazon() {
  return {
    providerId: 'amazon',
    clientId,
    clientSecret,
    authorizationUrl: authorizeUrl,
    tokenUrl: `${apiUrl}/auth/o2/token`,
    scopes: ['profile'],
    pkce: true,
    async getUserInfo({ accessToken }) {
      const answer = await fetch(`${apiUrl}/user/profile`, {
        headers: { 'x-amz-access-token': accessToken },
      })
      const { user_id: id, name, email } = await answer.json()
      return { id, name, email, emailVerified: false }
    },
  }
}
