import { AmazonAuthError } from '../errors'
import { MAX_WEBHOOKS } from './webhook'

/** Longest address of an endpoint. */
export const MAX_URL_CHARACTERS = 2_048

/** What keeps a webhook from being as it is wanted, by a name that pages in other languages know it by. */
const FLAWS = {
  address: `The url must be an https address of at most ${MAX_URL_CHARACTERS} characters.`,
  https:
    'The url must begin with https://. (Plain http is for this machine alone, where webhooks.allow_private has loopback.)',
  credentials:
    'The url must hold no user and no password: whoever receives knows by the signature who has sent it.',
  fragment: 'The url must have no # in it.',
  port: 'The port of the url must be 443, or 1024 and above.',
  private:
    'The url leads into a private network, and whoever runs this server has not allowed that (webhooks.allow_private).',
  noEvents: 'A webhook needs at least one event.',
  isOff: 'This webhook is switched off: switch it on first.',
  isFull: `An app has at most ${MAX_WEBHOOKS} webhooks: delete one first.`,
  rotated: 'The secret was changed by another call just now: look before you rotate it again.',
  waits: 'This event waits to be sent already.',
}

/** @returns `request_invalid`, with the name of what is wrong as the fact `flaw`. */
export function webhookFlaw(flaw: keyof typeof FLAWS): AmazonAuthError {
  return new AmazonAuthError('request_invalid', { problem: FLAWS[flaw], flaw })
}
