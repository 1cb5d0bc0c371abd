/** Takes the ID token out of the page's address, where the history and whoever looks on would see it. */
export function takeIdToken() {
  const address = new URL(location.href)
  const idToken = address.searchParams.get('jwt')
  address.search = ''
  history.replaceState(null, '', address)
  return idToken
}

/** A session token, in memory alone: when the page is loaded again, signing in again asks the person nothing. */
export class Session {
  #url
  #jwt
  #renewing

  constructor(url, jwt) {
    this.#url = url
    this.#jwt = jwt
  }

  /** @returns undefined: the ID token was used or has expired. */
  static async trade({ url, app, idToken }) {
    const answer = await fetch(`${url}/jwt_auth`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ provider: 'passwordless', appid: app, token: idToken }),
    })
    return answer.ok ? new Session(url, (await answer.json()).jwt) : undefined
  }

  /** As fetch(), with the token, which is renewed when its time has come. */
  async fetch(path, init = {}) {
    if (Date.now() >= this.#jwt.refresh) await this.#renew()
    const shown = this.#jwt
    const answer = await this.#send(path, init)
    if (answer.status !== 401) return answer
    // Another request may have renewed the token while this one was on its way, which ends the one that it shows.
    await this.#renewing
    return this.#jwt === shown ? answer : this.#send(path, init)
  }

  /** Ends all tokens of the person. */
  signOut() {
    return this.#send('/jwt_auth', { method: 'DELETE' })
  }

  /** Once, however many ask: by default the older token ends with it. */
  #renew() {
    this.#renewing ??= this.#send('/jwt_auth')
      .then(async (answer) => {
        if (answer.ok) this.#jwt = (await answer.json()).jwt
      })
      .finally(() => {
        this.#renewing = undefined
      })
    return this.#renewing
  }

  #send(path, init = {}) {
    const headers = { ...init.headers, Authorization: `Bearer ${this.#jwt.access_token}` }
    return fetch(this.#url + path, { ...init, headers })
  }
}
