// Everything is kept in a store of one's own: here in Maps, so it ends with the process.
//   node examples/own-store/app.mjs
import '../emulator.mjs'

import { randomBytes } from 'node:crypto'

import express from 'express'
import { amazonAuth, requireUser } from 'express-amazon-auth'

import { createMemoryStore } from './memory-store.mjs'

const { AZ_APP_ID: azAppId, AZ_SECRET: azSecret, PORT = '3000' } = process.env
const { PUBLIC_URL = `http://localhost:${PORT}` } = process.env
// A store that outlives the process needs one that is kept elsewhere: openssl rand -base64 48
const { SECRET_KEY = randomBytes(48).toString('base64') } = process.env
const app = express()

delete process.env.para_store_url // emulator.mjs names one for examples without a store of their own

app.use(
  amazonAuth({
    publicUrl: PUBLIC_URL,
    store: createMemoryStore(),
    secretKey: SECRET_KEY, // seals what is secret in it; the same in every process
    apps: { shop: { azAppId, azSecret, signinSuccess: '/welcome', signinFailure: '/?cause=?' } },
  }),
)
app.get('/', (_req, res) => res.send('<a href="/amazon_auth?state=shop">Sign in with Amazon</a>'))
app.get('/welcome', requireUser({ app: 'shop', signIn: true }), (req, res) => {
  res.json({ id: req.amazonAuth.user.id, name: req.amazonAuth.user.name })
})
app.listen(Number(PORT), () => console.log(`The shop is at ${PUBLIC_URL}`))
