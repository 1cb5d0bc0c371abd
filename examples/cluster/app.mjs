// Several processes behind one port: whoever has signed in at one is known to all, since they share nothing but the store.
//   node examples/cluster/app.mjs
//   STORE_URL=postgres://… para_secret_key=… node examples/cluster/app.mjs
import '../emulator.mjs'

import cluster from 'node:cluster'
import { availableParallelism } from 'node:os'

import express from 'express'
import { amazonAuth, requireUser } from 'express-amazon-auth'

const { AZ_APP_ID: azAppId, AZ_SECRET: azSecret, PORT = '3000' } = process.env
const { STORE_URL = 'sqlite:data/cluster.db', WORKERS = String(availableParallelism()) } =
  process.env
const publicUrl = `http://localhost:${PORT}`

if (cluster.isPrimary) {
  for (let count = 0; count < Number(WORKERS); count += 1) cluster.fork()
} else {
  const app = express()
  app.use(
    amazonAuth({ publicUrl, store: { url: STORE_URL }, apps: { shop: { azAppId, azSecret } } }),
  )
  app.get('/', requireUser({ app: 'shop', signIn: true }), (req, res) => {
    res.type('text').send(`Hello ${req.amazonAuth.user.name}, from process ${process.pid}`)
  })
  app.listen(Number(PORT), () => console.log(`Open ${publicUrl} (process ${process.pid})`))
}
