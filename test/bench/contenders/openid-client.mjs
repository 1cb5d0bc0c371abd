// A login written by hand on openid-client: what a careful maker who needs no framework would do.
import express from 'express'
import jwt from 'jsonwebtoken'
import { createSecretKey, randomBytes } from 'node:crypto'
import * as client from 'openid-client'

import { settings } from './child.mjs'
import { serve } from './serve.mjs'

const { apiUrl, authorizeUrl, clientId, clientSecret } = settings
const key = createSecretKey(randomBytes(32))
const config = new client.Configuration(
  {
    issuer: 'https://www.amazon.com',
    authorization_endpoint: authorizeUrl,
    token_endpoint: `${apiUrl}/auth/o2/token`,
  },
  clientId,
  undefined,
  client.ClientSecretPost(clientSecret),
)

await serve((origin) => {
  const app = express()
  app.get('/begin', async (_req, res) => {
    const verifier = client.randomPKCECodeVerifier()
    const state = client.randomState()
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: `${origin}/return`,
      scope: 'profile',
      state,
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    })
    res.cookie('login', `${state}.${verifier}`, { httpOnly: true, sameSite: 'lax' })
    res.redirect(url.href)
  })
  app.get('/return', async (req, res) => {
    const [, expectedState, pkceCodeVerifier] = /login=([^.]+)\.([^;]+)/.exec(req.headers.cookie)
    const tokens = await client.authorizationCodeGrant(config, new URL(req.url, origin), {
      expectedState,
      pkceCodeVerifier,
    })
    const profile = await client.fetchProtectedResource(
      config,
      tokens.access_token,
      new URL(`${apiUrl}/user/profile`),
      'GET',
    )
    const { user_id: sub, name, email } = await profile.json()
    const token = jwt.sign({ sub, name, email }, key, { algorithm: 'HS256', expiresIn: 60 })
    res.clearCookie('login').redirect(`/in?jwt=${token}`)
  })
  return app
})
