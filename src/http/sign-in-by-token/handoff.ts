import type { App } from '../../apps/app'
import { sha256 } from '../../crypto/random'
import { AmazonAuthError } from '../../errors'
import type { SignInServices } from '../auth-services'

const TTL_MS = 60_000
/** A header of the answer has to hold it, and a proxy all of them. */
const MAX_CHARACTERS = 3_000

interface Handoff {
  readonly token: string
  readonly expiresAtMs: number
}

/**
 * Where a browser goes on with a token that a form of another site has sent. With such a form it sends none of our cookies
 * (`SameSite=Lax`), with the GET that follows it does. Only the query: the path stays, whatever proxies make of it.
 *
 * @throws {AmazonAuthError} `token_invalid`: too long to stand in an address.
 */
export function handoffAddress(app: App, token: string, services: SignInServices): string {
  const content: Handoff = { token, expiresAtMs: services.now() + TTL_MS }
  const handoff = services.browserSealer.seal(JSON.stringify(content), boundTo(app))
  const address = `?${new URLSearchParams({ appid: app.id, handoff }).toString()}`
  if (address.length <= MAX_CHARACTERS) return address
  throw new AmazonAuthError('token_invalid', { reason: 'too long for a form of another site' })
}

/**
 * The token that was handed on to an app, once on all nodes.
 *
 * @param isUsedOnce Whether the token itself is good once, so that it need not be kept in mind here.
 * @throws {AmazonAuthError} `token_invalid`: expired, another app's, changed or used before. `store_unavailable`
 */
export async function takeHandoff(
  app: App,
  handoff: string,
  { browserSealer, singleUse, now }: SignInServices,
  isUsedOnce: (token: string) => boolean,
): Promise<string> {
  const text = browserSealer.open(handoff, boundTo(app))
  if (text === undefined) throw new AmazonAuthError('token_invalid', { reason: 'no handoff' })
  const { token, expiresAtMs } = JSON.parse(text) as Handoff
  if (now() >= expiresAtMs) throw new AmazonAuthError('token_invalid', { reason: 'expired' })
  if (isUsedOnce(token)) return token
  const name = `handoff ${sha256(handoff)}`
  const isFirst = await singleUse.take({ appId: app.id, name, expiresAtMs: expiresAtMs + TTL_MS })
  if (!isFirst) throw new AmazonAuthError('token_invalid', { reason: 'used before' })
  return token
}

function boundTo(app: App): string {
  return `handoff ${app.id}`
}
