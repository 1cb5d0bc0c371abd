import assert from 'node:assert/strict'
import { test } from 'node:test'

import { startApp } from './start-app.js'

test('the API is for whoever brings the token that signing in with Amazon ends with', async (t) => {
  const { open, signIn, close } = await startApp()
  t.after(close)

  assert.equal((await open('/api/me')).status, 401)

  const page = await signIn('/amazon_auth?state=my-amazon-app')
  const idToken = new URL(page, 'http://localhost').searchParams.get('jwt')
  const trade = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ provider: 'passwordless', appid: 'my-amazon-app', token: idToken }),
  }
  const traded = await open('/jwt_auth', trade)
  assert.equal(traded.status, 200)

  const { jwt } = await traded.json()
  const headers = { authorization: `Bearer ${jwt.access_token}` }
  const me = await open('/api/me', { headers })
  assert.equal(me.status, 200)
  assert.match(await me.text(), /"name":"Ada Lindqvist"/)

  assert.equal((await open('/jwt_auth', trade)).status, 400, 'an ID token is good for one trade')
})
