import { isLoopback } from '../is-loopback'
import { isStorableText } from '../is-storable-text'
import { mayAskHost } from '../public-addresses'
import { toUrl } from '../to-url'
import { MAX_URL_CHARACTERS, webhookFlaw } from './webhook-flaw'

/**
 * Checks the address of an endpoint, as far as that can be told without asking anybody: what its name leads to is looked at
 * when something is sent.
 *
 * @param isAllowed Of an IP address.
 * @returns It as it is kept.
 * @throws {AmazonAuthError} `request_invalid`
 */
export function checkWebhookUrl(text: string, isAllowed: (address: string) => boolean): string {
  const isUsable = text.length <= MAX_URL_CHARACTERS && isStorableText(text)
  const url = isUsable ? toUrl(text) : undefined
  if (url === undefined) throw webhookFlaw('address')
  const isPlain = url.protocol === 'http:' && isLoopback(url) && isAllowed('127.0.0.1')
  if (url.protocol !== 'https:' && !isPlain) throw webhookFlaw('https')
  if (url.username !== '' || url.password !== '') throw webhookFlaw('credentials')
  if (url.hash !== '') throw webhookFlaw('fragment')
  if (!mayAskPort(url)) throw webhookFlaw('port')
  if (!mayAskHost(url.hostname, isAllowed)) throw webhookFlaw('private')
  return url.href
}

/** What listens below is none of the web. */
function mayAskPort({ port, protocol }: URL): boolean {
  return port === '' || Number(port) >= 1024 || (port === '80' && protocol === 'http:')
}
