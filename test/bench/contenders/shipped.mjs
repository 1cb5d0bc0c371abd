// `express-amazon-auth serve` as it ships: one app, all that it needs in the environment, its log on standard output.
import { randomBytes } from 'node:crypto'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

import { answerDriver, settings } from './child.mjs'
import { ANSWERS, findPort } from './serve.mjs'

const { apiUrl, authorizeUrl, clientId, clientSecret, storeUrl, signinSuccess, dist } = settings
const port = await findPort()
const origin = `http://127.0.0.1:${port}`
Object.assign(process.env, {
  para_port: port,
  para_public_url: origin,
  para_secret_key: randomBytes(48).toString('base64'),
  para_store_url: storeUrl,
  para_amazon_api_url: apiUrl,
  para_amazon_authorize_url: authorizeUrl,
  para_az_app_id: clientId,
  para_az_secret: clientSecret,
  para_security_signin_success: signinSuccess,
})
process.argv.splice(2, Infinity, 'serve', '--allow-emulator')
createRequire(import.meta.url)(join(dist, 'server/cli.js'))
while (!(await isReady())) await delay(50)
answerDriver(origin, ANSWERS)

async function isReady() {
  try {
    return (await fetch(`${origin}/v1/_ready`)).ok
  } catch {
    return false
  }
}
