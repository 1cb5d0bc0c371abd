// Serves index.html, and signs in whom Amazon's SDK for JavaScript has signed in. The SDK comes from Amazon and speaks to Amazon alone,
// so this one needs keys; http://localhost:3000 is among the Allowed Origins of the Security Profile.
//   AZ_APP_ID=amzn1.application-oa2-client.… AZ_SECRET=… node examples/javascript-sdk/app.mjs
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

import express from 'express'
import { amazonAuth } from 'express-amazon-auth'

const { AZ_APP_ID: azAppId, AZ_SECRET: azSecret, PORT = '3000' } = process.env
const publicUrl = `http://localhost:${PORT}`
const folder = fileURLToPath(new URL('.', import.meta.url))

const app = express()
app.use(amazonAuth({ publicUrl, apps: { shop: { azAppId, azSecret, signinSuccess: '/?jwt=id' } } }))
app.get('/', async (_req, res) => {
  const page = await readFile(`${folder}index.html`, 'utf8')
  res.type('html').send(page.replace('YOUR-CLIENT-ID', azAppId))
})
app.use(express.static(folder))
app.listen(Number(PORT), () => console.log(`Open ${publicUrl}`))
