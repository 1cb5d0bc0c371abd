// The server that people sign in at. It shows the token that they get, and what to do with it.
import express from 'express'
import { amazonAuth } from 'express-amazon-auth'

const { AZ_APP_ID: azAppId, AZ_SECRET: azSecret, PORT = '3000', API_PORT = '3001' } = process.env
const publicUrl = `http://localhost:${PORT}`

const app = express()
app.use(
  amazonAuth({
    publicUrl,
    apps: { shop: { azAppId, azSecret, signinSuccess: '/token?jwt=?', signinFailure: '/' } },
  }),
)
app.get('/', (_req, res) => res.send('<a href="/amazon_auth?state=shop">Login with Amazon</a>'))
app.get('/token', (req, res) => {
  const { jwt } = req.query
  res
    .type('text')
    .set('Cache-Control', 'no-store')
    .send(`curl -H 'Authorization: Bearer ${jwt}' http://localhost:${API_PORT}/orders\n`)
})
app.listen(Number(PORT), () => console.log(`Sign in at ${publicUrl}`))
