/**
 * Signs in by Amazon's SDK for JavaScript, which index.html loads.
 *
 * @see https://developer.amazon.com/docs/login-with-amazon/javascript-sdk-reference.html
 */

/**
 * In a popup, and the page stays. Call it in the handler of a click, or browsers block the popup.
 *
 * With `pkce` the popup ends with a code, which the SDK itself trades for an access token. (Without, the SDK asks for a token at
 * once, which Amazon has ended.) The page trades that token for one of its own server, and keeps neither longer than it must.
 *
 * @param server.url Where express-amazon-auth runs; `''`: here.
 * @param server.app Name of the app.
 * @returns The session token, with `refresh` and `expires` (ms), and the user.
 */
export async function signInByPopup(server) {
  if (window.amazon === undefined) {
    throw new Error("Amazon's script is not here, or blocked. The other button does without it.")
  }
  const { Login } = window.amazon
  const { code } = await answerOf((next) => Login.authorize({ scope: 'profile', pkce: true }, next))
  const { access_token: token } = await answerOf((next) => Login.retrieveToken(code, next))
  return trade(server, 'amazon', token)
}

/**
 * In this window: Amazon sends the browser to the server, which trades the code with its secret, and ends at `signin_success`:
 * this page, with `jwt=id`. `state` is the bare name of the app, so this works for apps that are not strict; a link to
 * `/amazon_auth?state=…` does for all, and where the SDK is blocked.
 */
export function signInByRedirect({ url, app }) {
  if (window.amazon === undefined) {
    location.assign(`${url}/amazon_auth?state=${app}`)
    return
  }
  const options = { scope: 'profile', response_type: 'code', popup: false, state: app }
  window.amazon.Login.authorize(options, new URL(`${url}/amazon_auth`, location.href).href)
}

/** What {@link signInByPopup} returns, where the page was opened at the end of {@link signInByRedirect}; undefined where it was not. */
export async function finishRedirect(server) {
  const address = new URL(location.href)
  const token = address.searchParams.get('jwt')
  if (token === null) return undefined
  address.searchParams.delete('jwt')
  history.replaceState(null, '', address)
  return trade(server, 'passwordless', token)
}

/** Ends the person's tokens here, and lets the SDK forget what it remembers. */
export async function signOut({ url }, { access_token: token }) {
  window.amazon?.Login.logout()
  await fetch(`${url}/jwt_auth`, {
    method: 'DELETE',
    headers: { Authorization: `Bearer ${token}` },
  })
}

async function trade({ url, app }, provider, token) {
  const answer = await fetch(`${url}/jwt_auth`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    body: JSON.stringify({ provider, appid: app, token }),
  })
  const { jwt, user, message } = await answer.json()
  if (!answer.ok) throw new Error(message)
  return { jwt, user }
}

/** The SDK calls back, with an error or without. */
function answerOf(ask) {
  return new Promise((resolve, reject) => {
    ask((answer) => {
      if (answer.error) reject(new Error(answer.error_description ?? answer.error))
      else resolve(answer)
    })
  })
}
