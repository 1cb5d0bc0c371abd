// A single-page app on a host of its own. Its page is opened with an ID token (60 s, good once), which it trades for a session
// token, sends to the API, and renews.
//   node examples/single-page-app/app.mjs
import '../emulator.mjs'

import { fileURLToPath } from 'node:url'

import express from 'express'
import { amazonAuth, requireUser } from 'express-amazon-auth'

const { AZ_APP_ID: azAppId, AZ_SECRET: azSecret, PORT = '3000', PAGE_PORT = '3001' } = process.env
const publicUrl = `http://localhost:${PORT}`
const pageUrl = `http://localhost:${PAGE_PORT}`

const api = express()
api.use(
  amazonAuth({
    publicUrl,
    security: { corsOrigins: pageUrl }, // for /jwt_auth, which the page calls from its own host
    apps: {
      shop: {
        azAppId,
        azSecret,
        signinSuccess: `${pageUrl}/?jwt=id`,
        signinFailure: `${pageUrl}/?failed`,
      },
    },
  }),
)
// Routes of yours say for themselves which pages may call them.
api.use('/orders', (req, res, next) => {
  res.set('Access-Control-Allow-Origin', pageUrl).set('Vary', 'Origin')
  if (req.method !== 'OPTIONS') next()
  else res.set('Access-Control-Allow-Headers', 'Authorization').sendStatus(204)
})
api.get('/orders', requireUser({ app: 'shop' }), (req, res) => {
  res.json({ orders: ['bread', 'butter'], of: req.amazonAuth.user.name })
})
api.listen(Number(PORT), () => console.log(`The API is at ${publicUrl}`))

const page = express()
page.get('/settings.json', (_req, res) => res.json({ url: publicUrl, app: 'shop' }))
page.use(express.static(fileURLToPath(new URL('page', import.meta.url))))
page.listen(Number(PAGE_PORT), () => console.log(`Open ${pageUrl}`))
