// The API. It holds no secret: it asks the server, each time, whose token it was sent. So a person who is locked or has signed out
// everywhere is out at once.
import express from 'express'

const { PORT = '3000', API_PORT = '3001', AUTH_URL = `http://localhost:${PORT}` } = process.env
const TIMEOUT_MS = 3_000

const api = express()
api.get('/orders', requireToken('shop'), (_req, res) => {
  res.json({ orders: ['bread', 'butter'], of: res.locals.user.name })
})
api.listen(Number(API_PORT), () => console.log(`The API is at http://localhost:${API_PORT}`))

/** Lets in who brings a token of a user of this app, and leaves the user in `res.locals.user`. */
function requireToken(app) {
  return async (req, res, next) => {
    const { authorization = '' } = req.headers
    const refuse = () => res.status(401).set('WWW-Authenticate', 'Bearer').json({ code: 401 })
    if (!authorization.startsWith('Bearer ')) return refuse()
    const answer = await fetch(`${AUTH_URL}/v1/_me`, {
      headers: { authorization },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).catch(() => undefined)
    // Only a 401 says that the token is no good: what else comes says nothing of it.
    if (answer?.status === 401) return refuse()
    if (!answer?.ok) return res.status(503).set('Retry-After', '5').json({ code: 503 })
    const { type, ...user } = await answer.json()
    // An app's own super token is answered with the app, and every app's users are answered here.
    if (type !== 'user' || user.appid !== app) return refuse()
    res.locals.user = user
    return next()
  }
}
