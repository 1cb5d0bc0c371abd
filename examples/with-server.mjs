// Runs a program that speaks to a server from outside, with a server and an emulator of Amazon that end with it:
//   node examples/with-server.mjs examples/device/main.mjs
import { once } from 'node:events'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

import express from 'express'
import { amazonAuth } from 'express-amazon-auth'
import { startEmulator } from 'express-amazon-auth/emulator'

const keys = {
  clientId: 'amzn1.application-oa2-client.examples',
  clientSecret: 'amzn1.oa2-cs.v1.examples',
}
const emulator = await startEmulator({
  clients: [{ ...keys, allowedReturnUrls: [], allowAnyReturnUrl: true }],
  pollIntervalSeconds: 1,
})
const auth = amazonAuth({
  store: { url: 'sqlite::memory:' },
  amazon: { authorizeUrl: emulator.authorizeUrl, apiUrl: emulator.apiUrl },
  apps: { shop: { azAppId: keys.clientId, azSecret: keys.clientSecret } },
})
const server = express()
  .use(auth)
  .listen(Number(process.env.PORT ?? 0), 'localhost')
await once(server, 'listening')

process.env.AUTH_URL = `http://localhost:${server.address().port}`
process.env.APP = 'shop'
process.env.AMAZON_TOKEN = emulator.issueAccessToken({ clientId: keys.clientId })
try {
  await import(pathToFileURL(resolve(process.argv[2])).href)
} finally {
  server.close()
  await auth.close()
  await emulator.close()
}
