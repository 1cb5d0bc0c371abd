/**
 * The session of a mobile app: what it does over HTTP once Amazon's SDK has given it an access token. Nothing but `fetch`, so
 * it runs in React Native and Capacitor as it stands, and shows in Kotlin and Swift what to send.
 */
export class Session {
  #url
  #jwt
  #renewing

  /** @param kept What `toJSON` gave, out of the keystore or keychain. */
  constructor(url, kept) {
    this.#url = url
    this.#jwt = kept
  }

  /**
   * Trades an access token of Amazon for a session.
   *
   * @param given.app Name of the app at the server.
   * @param given.amazonToken `Atza|…`, as `AuthorizeResult.getAccessToken()` or `result.token` has it.
   */
  static async signIn(url, { app, amazonToken }) {
    const body = { provider: 'amazon', appid: app, token: amazonToken }
    const headers = { 'Content-Type': 'application/json', Accept: 'application/json' }
    const answer = await fetch(`${url}/jwt_auth`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    })
    const { jwt, user, message } = await answer.json()
    if (!answer.ok) throw new Error(`${answer.status}: ${message}`)
    return { session: new Session(url, jwt), user }
  }

  /** Keep it in the keystore or keychain, never the token of Amazon. */
  toJSON() {
    return this.#jwt
  }

  /** Who is signed in; undefined: nobody any more, so show the button. Throws when nobody can tell: then nothing has changed. */
  async me() {
    const answer = await this.fetch('/v1/_me')
    if (answer.ok) return answer.json()
    if (answer.status === 401) return undefined
    throw new Error(`${answer.status}: try again later`)
  }

  /** A request with the session token, which is renewed before, once it is due. */
  async fetch(path, init = {}) {
    if (Date.now() >= this.#jwt.refresh) await this.renew()
    const headers = { ...init.headers, Authorization: `Bearer ${this.#jwt.access_token}` }
    return fetch(this.#url + path, { ...init, headers })
  }

  /** Once, however many ask: by default the older token ends with it. */
  renew() {
    this.#renewing ??= this.#renew().finally(() => {
      this.#renewing = undefined
    })
    return this.#renewing
  }

  /** Ends this person's tokens on all devices. Let Amazon's SDK sign out too, or the next button press asks nothing. */
  async signOut() {
    await this.#ask('DELETE')
  }

  async #renew() {
    const answer = await this.#ask('GET')
    // 401: signed out elsewhere, locked or expired; the next request tells. Else: no network, so go on with what there is.
    if (answer?.ok) this.#jwt = (await answer.json()).jwt
  }

  async #ask(method) {
    const headers = { Authorization: `Bearer ${this.#jwt.access_token}` }
    return fetch(`${this.#url}/jwt_auth`, { method, headers }).catch(() => undefined)
  }
}
