import express from 'express'
import session from 'express-session'
import grant from 'grant'

import { settings } from './child.mjs'
import { serve } from './serve.mjs'

const { apiUrl, authorizeUrl, clientId, clientSecret } = settings

await serve((origin) => {
  const app = express()
  app.use(session({ secret: 'secret', resave: false, saveUninitialized: false }))
  app.use(
    grant.express({
      defaults: { origin, transport: 'session', state: true, pkce: true },
      amazon: {
        authorize_url: authorizeUrl,
        access_url: `${apiUrl}/auth/o2/token`,
        profile_url: `${apiUrl}/user/profile`,
        oauth: 2,
        key: clientId,
        secret: clientSecret,
        scope: ['profile'],
        callback: '/in',
        response: ['tokens', 'profile'],
      },
    }),
  )
  return app
})
