import assert from 'node:assert/strict'
import { test } from 'node:test'

import { startApp } from './start-app.js'

test('the account page is for whoever has signed in with Amazon, until they sign out', async (t) => {
  const { open, signIn, close } = await startApp()
  t.after(close)

  const asScript = { headers: { accept: 'application/json' } }
  assert.equal((await open('/account', asScript)).status, 401)

  assert.equal(await signIn('/account'), '/account')
  const account = await open('/account')
  assert.equal(account.status, 200)
  assert.match(await account.text(), /Ada Lindqvist, ada@example\.com/)

  await open('/amazon_auth/logout', { method: 'POST' })
  assert.equal((await open('/account', asScript)).status, 401)
})
