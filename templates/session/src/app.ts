import express from 'express'
import { amazonAuth, requireUser, type AmazonAuthOptions } from 'express-amazon-auth'

import { accountPage, homePage } from './pages.js'

/** People sign in to it at `/amazon_auth?state=my-amazon-app`. */
export const APP = 'my-amazon-app'

export interface Keys {
  azAppId: string
  azSecret: string
}

/** Builds the app, which does not listen yet: the server and the test each start it their own way. */
export function createApp(keys: Keys, options: AmazonAuthOptions) {
  const auth = amazonAuth({
    ...options,
    apps: { [APP]: { ...keys, signinSuccess: '/account', signinFailure: '/?cause=?' } },
  })
  const app = express()
  app.use(auth)

  app.get('/', (req, res) => {
    const { user } = req.amazonAuth
    res.send(homePage({ app: APP, name: user?.name, hasFailed: req.query.cause !== undefined }))
  })

  // Whoever is not signed in is sent to Amazon, and comes back to this page.
  app.get('/account', requireUser({ app: APP, signIn: true }), (req, res) => {
    const { name = '', email = '' } = req.amazonAuth.user ?? {}
    res.send(accountPage({ app: APP, name, email }))
  })

  return { app, auth }
}
