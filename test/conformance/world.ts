import { PEOPLE } from '../../src/emulator'
import type { Json } from '../../src/apps/settings'
import {
  clientIdOf,
  ROOT_KEYS,
  type ApiAnswer,
  type Keys,
  type Sending,
  type TestServer,
} from '../support/api'
import type { Answer, Ask, Browser } from '../support/browser'

/** One request and its answer, as the report shows them. */
export interface Exchange {
  readonly sent: string
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
}

export const [ADA, BEN, CHLOE, DAN] = PEOPLE.map(({ userId }) => userId)

/** A running server, and whoever talks to it. Every request is written down. */
export class World {
  readonly exchanges: Exchange[] = []
  readonly browser: Browser
  readonly root = ROOT_KEYS

  constructor(readonly server: TestServer) {
    this.browser = server.browser()
  }

  /** An app `shop` with a client at Amazon and these settings; not written down. */
  shop(settings: Readonly<Record<string, Json>> = {}): Promise<Keys> {
    return this.server.createApp('shop', settings)
  }

  /** A call of the API. */
  async call(line: string, sending: Sending = {}): Promise<ApiAnswer> {
    const answer = await this.server.call(line, sending)
    const body = sending.body === undefined ? '' : ` ${textOf(sending.body)}`
    this.note(`${line}${body}${senderOf(sending)}`, { ...answer, body: answer.text })
    return answer
  }

  /** A request of the browser, with its cookies. */
  async browse(path: string, ask: Ask = {}, browser = this.browser): Promise<Answer> {
    const answer = await browser.send(path, ask)
    const method = ask.method ?? (ask.form === undefined ? 'GET' : 'POST')
    this.note(`${method} ${path}${ask.form === undefined ? '' : ` ${textOf(ask.form)}`}`, answer)
    return answer
  }

  /** A login from its begin to the return, by a person who allows it. */
  async signIn(begin: string, person?: string): Promise<Answer> {
    const begun = await this.browse(begin)
    return this.browse(await this.server.emulator.allow(begun.location, person))
  }

  /** A return that was not begun here, as Para's own buttons and Amazon's JavaScript send it. */
  unbound(state: string, { path = '/amazon_auth', ...ask }: Ask & { path?: string } = {}) {
    const query = new URLSearchParams({ code: this.code({ path }), state })
    return this.browse(`${path}${path.includes('?') ? '&' : '?'}${query.toString()}`, ask)
  }

  /** An authorization code for the app `shop`. */
  code({ path = '/amazon_auth', person = ADA, app = 'shop' } = {}): string {
    return this.server.emulator.issueCode({
      clientId: clientIdOf(app),
      redirectUri: this.server.origin + path,
      ...(person !== undefined && { userId: person }),
    })
  }

  /** A sign-in to `shop` by an access token; gives the session token. */
  async jwtAuth(person = ADA, app = 'shop', provider = 'amazon'): Promise<ApiAnswer> {
    const token = this.server.amazonToken(app, person)
    return this.call('POST /jwt_auth', { body: { provider, appid: app, token } })
  }

  private note(sent: string, answer: Pick<Answer, 'status' | 'headers' | 'body'>): void {
    const { status, headers, body } = answer
    this.exchanges.push({ sent, status, headers, text: body })
  }
}

function textOf(body: Sending['body']): string {
  return typeof body === 'string' ? body : JSON.stringify(body)
}

function senderOf({ as }: Sending): string {
  if (as === undefined) return ''
  return typeof as === 'string' ? ', by token' : `, signed by ${as.accessKey}`
}
