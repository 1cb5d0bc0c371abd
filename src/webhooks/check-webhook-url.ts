import { isLoopback } from '../is-loopback'
import { requestInvalid } from '../errors'
import { isStorableText } from '../is-storable-text'
import { mayAskHost } from '../public-addresses'
import { toUrl } from '../to-url'

const MAX_CHARACTERS = 2_048

/**
 * Checks the address of an endpoint, as far as that can be told without asking anybody: what its name leads to is looked at
 * when something is sent.
 *
 * @param isAllowed Of an IP address.
 * @returns It as it is kept.
 * @throws {AmazonAuthError} `request_invalid`
 */
export function checkWebhookUrl(text: string, isAllowed: (address: string) => boolean): string {
  const isUsable = text.length <= MAX_CHARACTERS && isStorableText(text)
  const url = isUsable ? toUrl(text) : undefined
  if (url === undefined) {
    throw requestInvalid(
      `The url must be an https address of at most ${MAX_CHARACTERS} characters.`,
    )
  }
  const isPlain = url.protocol === 'http:' && isLoopback(url) && isAllowed('127.0.0.1')
  if (url.protocol !== 'https:' && !isPlain) throw requestInvalid(HTTPS)
  if (url.username !== '' || url.password !== '') throw requestInvalid(CREDENTIALS)
  if (url.hash !== '') throw requestInvalid('The url must have no # in it.')
  if (!mayAskPort(url)) throw requestInvalid(PORT)
  if (!mayAskHost(url.hostname, isAllowed)) throw requestInvalid(PRIVATE)
  return url.href
}

/** What listens below is none of the web. */
function mayAskPort({ port, protocol }: URL): boolean {
  return port === '' || Number(port) >= 1024 || (port === '80' && protocol === 'http:')
}

const HTTPS =
  'The url must begin with https://. (Plain http is for this machine alone, where webhooks.allow_private has loopback.)'
const CREDENTIALS =
  'The url must hold no user and no password: whoever receives knows by the signature who has sent it.'
const PORT = 'The port of the url must be 443, or 1024 and above.'
const PRIVATE =
  'The url leads into a private network, and whoever runs this server has not allowed that (webhooks.allow_private).'
