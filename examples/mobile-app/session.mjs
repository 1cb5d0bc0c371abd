/**
 * The session of a mobile app: what it does over HTTP once Amazon's SDK has given it an access token. Nothing but `fetch`, so
 * it runs in React Native and Capacitor as it stands, and shows in Kotlin and Swift what to send.
 */
export class Session {
  #url
  #kept
  #renewing

  /** @param kept What `toJSON` gave, out of the keystore or keychain. */
  constructor(url, kept) {
    this.#url = url
    this.#kept = kept
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
    return { session: new Session(url, toKeep(jwt)), user }
  }

  /** Keep it in the keystore or keychain, never the token of Amazon. */
  toJSON() {
    return this.#kept
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
    if (Date.now() >= this.#kept.renewAt) await this.renew()
    const shown = this.#kept
    const answer = await this.#send(path, init)
    if (answer.status !== 401) return answer
    // Another request may have renewed the token while this one was on its way, which ends the one that it shows.
    await this.#renewing
    return this.#kept === shown ? answer : this.#send(path, init)
  }

  /** Once, however many ask: by default the older token ends with it. */
  renew() {
    this.#renewing ??= this.#renew().finally(() => {
      this.#renewing = undefined
    })
    return this.#renewing
  }

  /**
   * Ends this person's tokens on all devices. Let Amazon's SDK sign out too, or the next button press asks nothing.
   * Throws when the server was not told: then they live on until they expire.
   */
  async signOut() {
    const { ok, status } = await this.#send('/jwt_auth', { method: 'DELETE' })
    if (!ok && status !== 401) throw new Error(`${status}: try again later`)
  }

  async #renew() {
    const answer = await this.#send('/jwt_auth').catch(() => undefined)
    // 401: signed out elsewhere, locked or expired; the next request tells. Else: no network, so go on with what there is.
    if (answer?.ok) this.#kept = toKeep((await answer.json()).jwt)
  }

  #send(path, init = {}) {
    const headers = { ...init.headers, Authorization: `Bearer ${this.#kept.access_token}` }
    return fetch(this.#url + path, { ...init, headers })
  }
}

const HOUR_MS = 3_600_000

/** `refresh` is an hour or half a life after the token was made, told by this clock: that of a phone may be wrong by hours. */
function toKeep({ access_token, refresh, expires }) {
  return { access_token, renewAt: Date.now() + Math.min(expires - refresh, HOUR_MS) }
}
