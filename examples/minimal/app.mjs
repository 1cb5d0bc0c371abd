// The least there is: one app, and a page for whoever is signed in to it.
//   node examples/minimal/app.mjs
import '../emulator.mjs'

import express from 'express'
import { amazonAuth, requireUser } from 'express-amazon-auth'

const { AZ_APP_ID: azAppId, AZ_SECRET: azSecret, PORT = '3000' } = process.env
const { PUBLIC_URL: publicUrl = `http://localhost:${PORT}` } = process.env

const app = express()
app.use(amazonAuth({ publicUrl, apps: { shop: { azAppId, azSecret } } }))

// Who is not signed in is sent to Amazon, and comes back to this page.
app.get('/', requireUser({ app: 'shop', signIn: true }), (req, res) => {
  res.type('text').send(`Hello ${req.amazonAuth.user.name}`)
})

app.listen(Number(PORT), () => console.log(`Open ${publicUrl}`))
