import express from 'express'
import { amazonAuth, requireUser } from 'express-amazon-auth'

/** People sign in to it at `/amazon_auth?state=my-amazon-app`. */
export const APP = 'my-amazon-app'

/** Builds the app, which does not listen yet: the server and the test each start it their own way. */
export function createApp(keys, options) {
  const auth = amazonAuth({
    ...options,
    // The page is opened with an ID token, which it trades at /jwt_auth for a session token.
    apps: { [APP]: { ...keys, signinSuccess: '/?jwt=id', signinFailure: '/?cause=?' } },
  })
  const app = express()
  app.use(auth)

  // For whoever sends a token of this app as `Authorization: Bearer …`; others get 401.
  app.get('/api/me', requireUser({ app: APP }), (req, res) => {
    res.json(req.amazonAuth.user)
  })

  app.use(express.static('public'))
  return { app, auth }
}
