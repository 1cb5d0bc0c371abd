// The least a login can cost in Node: the two calls to Amazon, an HS256 token and a redirect. No state, no PKCE, no app,
// no user, no check of anything, no deadline.
import { createHmac } from 'node:crypto'
import { Agent, request } from 'node:https'

import { settings } from './child.mjs'
import { serve } from './serve.mjs'

const { apiUrl, authorizeUrl, clientId, clientSecret } = settings
const agent = new Agent({ keepAlive: true })
const key = 'a secret of thirty-two characters'
const HEADER = encode({ alg: 'HS256', typ: 'JWT' })

await serve((origin) => {
  const redirectUri = `${origin}/return`
  return (req, res) => {
    const url = new URL(req.url, origin)
    if (url.pathname === '/begin') {
      const query = new URLSearchParams({ client_id: clientId, redirect_uri: redirectUri })
      redirect(res, `${authorizeUrl}?${query}`)
      return
    }
    const form = new URLSearchParams({
      grant_type: 'authorization_code',
      code: url.searchParams.get('code'),
      redirect_uri: redirectUri,
      client_id: clientId,
      client_secret: clientSecret,
    }).toString()
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': form.length,
    }
    ask('POST', '/auth/o2/token', headers, form, ({ access_token }) =>
      ask('GET', '/user/profile', { 'x-amz-access-token': access_token }, undefined, (profile) => {
        const iat = Math.floor(Date.now() / 1000)
        const { user_id: sub, name, email } = profile
        redirect(res, `/in?jwt=${sign({ iat, exp: iat + 60, sub, name, email })}`)
      }),
    )
  }
})

function redirect(res, location) {
  res.writeHead(302, { location })
  res.end()
}

function ask(method, path, headers, body, answered) {
  request(apiUrl + path, { method, headers, agent }, (answer) => {
    let text = ''
    answer.setEncoding('utf8')
    answer.on('data', (chunk) => (text += chunk)).on('end', () => answered(JSON.parse(text)))
  }).end(body)
}

function encode(value) {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function sign(claims) {
  const text = `${HEADER}.${encode(claims)}`
  return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`
}
