// This package as makers mount it: an Express app, a database, and a signin_success that asks for a token or for none.
import express from 'express'
import { randomBytes } from 'node:crypto'

import { amazonAuth } from '../../../dist/index.js'
import { settings } from './child.mjs'
import { serve } from './serve.mjs'

const { apiUrl, authorizeUrl, clientId, clientSecret, storeUrl, signinSuccess } = settings

await serve(async (origin) => {
  const auth = amazonAuth({
    publicUrl: origin,
    secretKey: randomBytes(48).toString('base64'),
    store: { url: storeUrl },
    amazon: { apiUrl, authorizeUrl },
    apps: { shop: { azAppId: clientId, azSecret: clientSecret, signinSuccess } },
  })
  await auth.ready()
  return express().use(auth)
})
