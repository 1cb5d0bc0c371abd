// A stand-in of Amazon's login1.js, as far as its reference describes it: authorize by popup or redirect, PKCE, retrieveToken, logout.
// `PLACES` is set in front of it by amazon-sdk.ts.
;(function start(places) {
  let clientId
  let begun
  let receive

  async function authorize(options, next) {
    if (clientId === undefined) throw new Error('amazon.Login.setClientId has not been called')
    const { scope, popup = true, state, pkce = false, response_type: type = 'token' } = options
    if (!popup && typeof next !== 'string') throw new Error('next must be a redirect URL')
    // A popup that is opened later than in the click is blocked.
    const opened = popup
      ? window.open('about:blank', 'amazonloginpopup', 'width=600,height=700')
      : undefined
    const verifier = base64url(crypto.getRandomValues(new Uint8Array(32)))
    begun = { verifier, redirectUri: popup ? places.popupReturn : next }
    const query = new URLSearchParams({
      client_id: clientId,
      scope: [scope].flat().join(' '),
      response_type: pkce ? 'code' : type,
      redirect_uri: begun.redirectUri,
      ...(state !== undefined && { state }),
      ...(pkce && { code_challenge: await challengeOf(verifier), code_challenge_method: 'S256' }),
    })
    const address = `${places.authorizeUrl}?${query}`
    if (!popup) location.assign(address)
    else {
      // A popup that was closed calls nobody back.
      window.removeEventListener('message', receive)
      receive = (event) => {
        if (event.origin !== new URL(places.popupReturn).origin) return
        window.removeEventListener('message', receive)
        opened.close()
        next(Object.fromEntries(new URLSearchParams(event.data)))
      }
      window.addEventListener('message', receive)
      opened.location.assign(address)
    }
  }

  /** As apps do that can keep no secret. */
  async function retrieveToken(code, next) {
    const answer = await fetch(places.tokenUrl, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code,
        client_id: clientId,
        redirect_uri: begun.redirectUri,
        code_verifier: begun.verifier,
      }),
    })
    next(await answer.json())
  }

  async function challengeOf(verifier) {
    return base64url(
      new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))),
    )
  }

  function base64url(bytes) {
    return btoa(String.fromCharCode(...bytes))
      .replaceAll('+', '-')
      .replaceAll('/', '_')
      .replaceAll('=', '')
  }

  const setClientId = (id) => void (clientId = id)
  const logout = () => void (begun = undefined)
  window.amazon = { Login: { authorize, retrieveToken, setClientId, logout } }
  window.onAmazonLoginReady?.()
})(PLACES)
