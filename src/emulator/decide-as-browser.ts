import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { text } from 'node:stream/consumers'

/** What the person does on the consent page. */
export type Decision =
  { readonly decision: 'allow'; readonly person: string } | { readonly decision: 'cancel' }

/**
 * Opens the consent page, posts the decision with the page's own parameters and returns where that
 * leads.
 *
 * @throws {Error} With status and what the page says, when the answer is no redirect.
 */
export async function decideAsBrowser(
  authorizeUrl: string,
  origin: string,
  decision: Decision,
): Promise<string> {
  const url = new URL(authorizeUrl)
  if (url.origin !== origin) {
    throw new TypeError(`authorizeUrl is at ${url.origin}, this emulator at ${origin}`)
  }
  const opened = await exchange(url)
  if (opened.status !== 200) return locationOf(opened)
  const form = new URLSearchParams([...url.searchParams, ...Object.entries(decision)])
  return locationOf(await exchange(new URL(url.pathname, origin), form))
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
