import { request, type Agent } from 'node:http'
import { request as requestOverTls } from 'node:https'

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[]
  /** Value of `Location`; empty when there is none. */
  readonly location: string
  /** Raw `Set-Cookie` lines. */
  readonly setCookies: readonly string[]
  readonly body: string
}

export interface Ask {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Fields, or (where one is there twice) the form as it is sent. */
  readonly form?: Readonly<Record<string, string>> | string
  /** Default: that of Node. */
  readonly agent?: Agent
}

/** A browser without a screen: keeps cookies, follows nothing by itself. */
export class Browser {
  readonly cookies = new Map<string, string>()

  /** @param origin Where paths lead, e.g. `http://127.0.0.1:3000`. */
  constructor(readonly origin: string) {}

  get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.send(path, { headers })
  }

  async send(path: string, ask: Ask = {}): Promise<Answer> {
    const answer = await send(new URL(path, this.origin), {
      ...ask,
      headers: { ...this.cookieHeader(), ...ask.headers },
    })
    this.keep(answer.setCookies)
    return answer
  }

  /** A copy with the same cookies, e.g. to replay what it sent. */
  clone(): Browser {
    const copy = new Browser(this.origin)
    for (const [name, value] of this.cookies) copy.cookies.set(name, value)
    return copy
  }

  private cookieHeader(): Record<string, string> {
    if (this.cookies.size === 0) return {}
    return { cookie: Array.from(this.cookies, ([name, value]) => `${name}=${value}`).join('; ') }
  }

  private keep(lines: readonly string[]): void {
    for (const line of lines) {
      const [pair = '', ...attributes] = line.split('; ')
      const name = pair.slice(0, pair.indexOf('='))
      const expires = attributes.find((attribute) => /^expires=/i.test(attribute))
      const isOver = expires !== undefined && Date.parse(expires.slice(8)) <= Date.now()
      if (isOver) this.cookies.delete(name)
      else this.cookies.set(name, pair.slice(name.length + 1))
    }
  }
}

export function send(url: URL, { method, headers, form, agent }: Ask = {}): Promise<Answer> {
  const body = form && new URLSearchParams(form).toString()
  return new Promise((resolve, reject) => {
    const type = body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }
    const req = (url.protocol === 'https:' ? requestOverTls : request)(
      url,
      {
        method: method ?? (body === undefined ? 'GET' : 'POST'),
        headers: { accept: 'text/html', ...type, ...headers },
        agent,
      },
      (res) => {
        let text = ''
        res.setEncoding('utf8')
        res.on('data', (chunk: string) => (text += chunk))
        res.on('error', reject)
        res.on('end', () =>
          resolve({
            status: res.statusCode ?? 0,
            headers: res.headers,
            rawHeaders: res.rawHeaders,
            location: res.headers.location ?? '',
            setCookies: res.headers['set-cookie'] ?? [],
            body: text,
          }),
        )
      },
    )
    req.on('error', reject)
    req.end(body)
  })
}
