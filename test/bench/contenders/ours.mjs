// This package as makers mount it: an Express app with a guarded route, a database, and apps that are configured, or in
// the database already.
import express from 'express'
import { randomBytes } from 'node:crypto'
import { createRequire } from 'node:module'

import { settings } from './child.mjs'
import { serve } from './serve.mjs'

const { apiUrl, authorizeUrl, clientId, clientSecret, storeUrl, signinSuccess, dist } = settings
const { secretKey = randomBytes(48).toString('base64'), usesListen = false } = settings
const { amazonAuth, requireUser, serverOptions } = createRequire(import.meta.url)(dist)
const apps = signinSuccess && { shop: { azAppId: clientId, azSecret: clientSecret, signinSuccess } }

await serve(
  async (origin) => {
    const auth = amazonAuth({
      publicUrl: origin,
      secretKey,
      store: { url: storeUrl },
      amazon: { apiUrl, authorizeUrl },
      apps,
    })
    await auth.ready()
    const app = express().use(auth)
    return app.get('/guarded', requireUser({ app: '*' }), (req, res) => res.json(req.user))
  },
  usesListen ? undefined : serverOptions,
)
