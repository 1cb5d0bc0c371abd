const address = new URL(location.href)
const idToken = address.searchParams.get('jwt')
const hasFailed = address.searchParams.has('cause')
// Out of the address at once: it would stand in the history, and is good for one trade within a minute.
address.search = ''
history.replaceState(null, '', address)

/** In memory alone: loading the page again signs in again, which Amazon answers without a question. */
const sessionToken = idToken === null ? undefined : await trade(idToken)
show(sessionToken === undefined ? undefined : await getUser())
document.querySelector('#sign-out').onclick = signOut

async function trade(token) {
  const answer = await fetch('/jwt_auth', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ provider: 'passwordless', appid: 'my-amazon-app', token }),
  })
  if (!answer.ok) return undefined
  const { jwt } = await answer.json()
  return jwt.access_token
}

async function getUser() {
  const answer = await fetch('/api/me', { headers: authorization() })
  return answer.ok ? answer.json() : undefined
}

async function signOut() {
  await fetch('/jwt_auth', { method: 'DELETE', headers: authorization() })
  show(undefined)
}

function authorization() {
  return { Authorization: `Bearer ${sessionToken}` }
}

function show(user) {
  const who = document.querySelector('#who')
  if (user) who.textContent = `Hello ${user.name}.`
  else who.textContent = hasFailed ? 'Signing in did not work. Please try again.' : ''
  document.querySelector('#sign-in').hidden = Boolean(user)
  document.querySelector('#sign-out').hidden = !user
}
