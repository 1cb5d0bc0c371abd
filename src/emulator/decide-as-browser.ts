import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { text } from 'node:stream/consumers'

/** What the person does on the consent page. */
export type Decision =
  | {
      readonly decision: 'allow'
      readonly person: string
      /** Voluntary scopes whose ticks are taken away. */
      readonly without: readonly string[]
    }
  | { readonly decision: 'cancel' }

/**
 * Opens the consent page, posts the decision with the page's own parameters and returns where that
 * leads.
 *
 * @throws {Error} With status and what the page says, when the answer is no redirect.
 */
export async function decideAsBrowser(
  authorizeUrl: string | null,
  origin: string,
  decision: Decision,
): Promise<string> {
  if (authorizeUrl === null) {
    throw new TypeError('there is no authorizeUrl: the app answered without a Location header')
  }
  const url = new URL(authorizeUrl)
  if (url.origin !== origin) {
    throw new TypeError(`authorizeUrl is at ${url.origin}, this emulator at ${origin}`)
  }
  const opened = await exchange(url)
  if (opened.status !== 200) return locationOf(opened)
  const form = new URLSearchParams([...url.searchParams, ...fieldsOf(decision, opened.page)])
  return locationOf(await exchange(new URL(url.pathname, origin), form))
}

/** As the form of the page sends it: voluntary scopes are ticked there. */
function fieldsOf(decision: Decision, page: string): readonly [string, string][] {
  if (decision.decision === 'cancel') return [['decision', 'cancel']]
  const ticked = Array.from(page.matchAll(/name="(grant:[^"]+)"/g), ([, name = '']) => name)
  return [
    ['decision', 'allow'],
    ['person', decision.person],
    ...ticked
      .filter((name) => !decision.without.some((scope) => name === `grant:${scope}`))
      .map((name): [string, string] => [name, 'on']),
  ]
}

interface Reply {
  readonly status: number
  readonly location: string | undefined
  readonly page: string
}

function locationOf({ status, location, page }: Reply): string {
  if (location !== undefined) return location
  throw new Error(`the consent page answered ${status}: ${wordsOf(page)}`)
}

/** What an error page is there to say; of another page its heading. */
function wordsOf(page: string): string {
  const [, said = ''] =
    /data-testid="error">([^]*?)<\/div>/.exec(page) ?? /<title>([^<]*)</.exec(page) ?? []
  const plain = said
    .replace(/<[^>]*>/g, '')
    .replace(/\s+/g, ' ')
    .trim()
  return plain.replace(/&#(\d+);/g, (_whole, code) => String.fromCharCode(Number(code)))
}

async function exchange(url: URL, form?: URLSearchParams): Promise<Reply> {
  const answer = await send(url, form)
  return {
    status: answer.statusCode ?? 0,
    location: answer.headers.location,
    page: await text(answer),
  }
}

/**
 * Certificates are not checked: the other end is this process, its certificate often self-signed.
 */
function send(url: URL, form: URLSearchParams | undefined): Promise<IncomingMessage> {
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest
  const options = {
    method: form ? 'POST' : 'GET',
    headers: form ? { 'content-type': 'application/x-www-form-urlencoded' } : {},
    rejectUnauthorized: false,
    agent: false,
  } as const
  return new Promise((resolve, reject) => {
    send(url, options, resolve).on('error', reject).end(form?.toString())
  })
}
