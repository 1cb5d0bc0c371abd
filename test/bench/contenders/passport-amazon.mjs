import express from 'express'
import session from 'express-session'
import jwt from 'jsonwebtoken'
import { createSecretKey, randomBytes } from 'node:crypto'
import passport from 'passport'
import { Strategy } from 'passport-amazon'

import { settings } from './child.mjs'
import { serve } from './serve.mjs'

const { apiUrl, authorizeUrl, clientId, clientSecret, withSession } = settings
const key = createSecretKey(randomBytes(32))

await serve((origin) => {
  const options = {
    clientID: clientId,
    clientSecret,
    callbackURL: `${origin}/return`,
    authorizationURL: authorizeUrl,
    tokenURL: `${apiUrl}/auth/o2/token`,
    // Its own store of state needs a session.
    state: withSession,
  }
  const strategy = new Strategy(options, (_token, _refresh, profile, done) => done(null, profile))
  // The address of the profile is written into the strategy.
  const get = strategy._oauth2.get.bind(strategy._oauth2)
  strategy._oauth2.get = (_url, token, done) => get(`${apiUrl}/user/profile`, token, done)
  passport.use(strategy)
  passport.serializeUser((user, done) => done(null, { id: user.id, name: user.displayName }))
  passport.deserializeUser((user, done) => done(null, user))

  const app = express()
  if (withSession) {
    app.use(session({ secret: 'secret', resave: false, saveUninitialized: false }))
    app.use(passport.session())
  }
  const authenticate = passport.authenticate('amazon', { session: withSession, scope: ['profile'] })
  app.get('/begin', authenticate)
  app.get('/return', authenticate, (req, res) => {
    if (withSession) res.redirect('/in')
    else res.redirect(`/in?jwt=${issueToken(req.user)}`)
  })
  return app
})

function issueToken({ id: sub, displayName: name }) {
  return jwt.sign({ sub, name }, key, { algorithm: 'HS256', expiresIn: 60 })
}
