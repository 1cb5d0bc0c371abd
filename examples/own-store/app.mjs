// Everything is kept in a store of one's own: here in Maps, so it ends with the process.
//   SECRET_KEY=$(openssl rand -base64 48) para_apps_shop_az_app_id=… para_apps_shop_az_secret=… node app.mjs
import express from 'express'
import { amazonAuth, requireUser } from 'express-amazon-auth'

import { createMemoryStore } from './memory-store.mjs'

const { PORT = '3000', PUBLIC_URL = `http://localhost:${PORT}`, SECRET_KEY } = process.env
const app = express()

app.use(
  amazonAuth({
    publicUrl: PUBLIC_URL,
    store: createMemoryStore(),
    secretKey: SECRET_KEY, // seals what is secret in it; the same in every process
    apps: { shop: { signinSuccess: '/welcome', signinFailure: '/?cause=?' } },
  }),
)
app.get('/', (_req, res) => res.send('<a href="/amazon_auth?state=shop">Sign in with Amazon</a>'))
app.get('/welcome', requireUser({ app: 'shop', signIn: true }), (req, res) => {
  res.json({ id: req.amazonAuth.user.id, name: req.amazonAuth.user.name })
})
app.listen(Number(PORT), () => console.log(`The shop is at ${PUBLIC_URL}`))
