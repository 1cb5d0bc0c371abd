// A page that was made for Para: its button sends the browser to Amazon by itself, and the page trades the token as Para's client
// does. Nothing in it changes but the address of the server.
//   node examples/para-button/app.mjs
import '../emulator.mjs'

import { readFile } from 'node:fs/promises'

import express from 'express'
import { amazonAuth } from 'express-amazon-auth'

const { AZ_APP_ID: azAppId, AZ_SECRET: azSecret, PORT = '3000' } = process.env
const { para_amazon_authorize_url: authorizeUrl = 'https://www.amazon.com/ap/oa' } = process.env
const endpoint = `http://localhost:${PORT}`

const app = express()
app.use(
  amazonAuth({
    publicUrl: endpoint,
    // As Para's application.conf has it: para.signin_success = "…?jwt=id".
    apps: { shop: { azAppId, azSecret, signinSuccess: '/?jwt=id', signinFailure: '/?error' } },
  }),
)
app.get('/', async (_req, res) => {
  const page = await readFile(new URL('index.html', import.meta.url), 'utf8')
  const constants = {
    AMAZON: authorizeUrl,
    AMAZON_APP_ID: azAppId,
    APPID: 'shop',
    ENDPOINT: endpoint,
  }
  res.type('html').send(page.replace('{}', () => JSON.stringify(constants)))
})
app.listen(Number(PORT), () => console.log(`Open ${endpoint}`))
