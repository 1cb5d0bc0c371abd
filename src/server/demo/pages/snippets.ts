import { ACME, PASTE_ORIGIN, ZENITH } from '../shops'

export interface EmulatorAddresses {
  readonly authorizeUrl: string
  readonly apiUrl: string
}

/** The whole program of an app that is alone on its host and signs people in by cookie. */
export function acmeSnippet({ authorizeUrl, apiUrl }: EmulatorAddresses): string {
  return `const express = require('express')
const { amazonAuth } = require('express-amazon-auth')

const app = express()
app.use(
  amazonAuth({
    publicUrl: '${PASTE_ORIGIN}',
    azAppId: '${ACME.azAppId}',
    azSecret: '${ACME.azSecret}',
    // Leave this out, and it is Amazon that signs people in.
    amazon: {
      authorizeUrl: '${authorizeUrl}',
      apiUrl: '${apiUrl}',
    },
  }),
)
app.get('/', (req, res) => {
  if (req.amazonAuth.isAuthenticated()) res.json(req.amazonAuth.user)
  else res.send('<a href="/amazon_auth">Sign in with Amazon</a>')
})
app.listen(4000)`
}

/** The whole program of one app of several, whose page is handed a token. */
export function zenithSnippet({ authorizeUrl, apiUrl }: EmulatorAddresses): string {
  return `const express = require('express')
const { amazonAuth, requireUser } = require('express-amazon-auth')

const app = express()
app.use(
  amazonAuth({
    publicUrl: '${PASTE_ORIGIN}',
    apps: {
      zenith: {
        azAppId: '${ZENITH.azAppId}',
        azSecret: '${ZENITH.azSecret}',
        signinSuccess: '${PASTE_ORIGIN}/page?jwt=id',
      },
    },
    // Leave this out, and it is Amazon that signs people in.
    amazon: {
      authorizeUrl: '${authorizeUrl}',
      apiUrl: '${apiUrl}',
    },
  }),
)
app.get('/', (req, res) => res.redirect('/amazon_auth?appid=zenith'))
// The page trades the ID token that it is opened with, which is good once, for a session token.
app.get('/page', (req, res) => res.send(\`<pre id="me"></pre><script type="module">
  const token = new URL(location.href).searchParams.get('jwt')
  history.replaceState(null, '', location.pathname)
  const traded = await fetch('/jwt_auth', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ provider: 'passwordless', appid: 'app:zenith', token }),
  })
  const { jwt } = await traded.json()
  const headers = { Authorization: 'Bearer ' + jwt.access_token }
  const me = await fetch('/api/me', { headers })
  document.querySelector('#me').textContent = await me.text()
</script>\`))
app.get('/api/me', requireUser({ app: 'zenith' }), (req, res) => {
  res.json(req.amazonAuth.user)
})
app.listen(4000)`
}
