import type { App } from '../../../apps/app'
import { randomText } from '../../../crypto/random'
import { AmazonAuthError } from '../../../errors'
import type { SignInServices } from '../../auth-services'
import { publicRedirectUri } from '../../public-address'
import { withQuery } from '../../sign-in-address'

/** How long a link is good: ten minutes. */
const TRY_LINK_TTL_MS = 600_000

/** What it is sealed for. */
const PURPOSE = 'amazon-login-try'
const ID_BYTES = 8

/** What a link to try the sign-in says. */
export interface TryLink {
  readonly appId: string
  /** When the app was made: another one of the same name is not meant. */
  readonly madeAtMs: number
  readonly expiresAtMs: number
  /** Whether it was made by the guide through the set-up of the app, which its pages lead back to. */
  readonly isOfGuide: boolean
}

type LinkServices = Pick<SignInServices, 'browserSealer' | 'now'>

/** Where the sign-in to an app is tried. */
export interface TryAddress {
  readonly url: string
  readonly expiresAtMs: number
}

/**
 * Makes a link by which the sign-in to an app can be tried. Any node opens it, and nothing is stored for it.
 *
 * @param place.base Address of this host; empty: a path.
 * @param place.isOfGuide Whether its pages lead back to the guide through the set-up.
 * @param expiresAtMs Default: in ten minutes.
 */
export function tryAddress(
  app: App,
  {
    base,
    mountPath,
    isOfGuide = false,
  }: { readonly base: string; readonly mountPath: string; readonly isOfGuide?: boolean },
  { browserSealer, now }: LinkServices,
  expiresAtMs = now() + TRY_LINK_TTL_MS,
): TryAddress {
  const content: Content & { readonly id: string } = {
    app: app.id,
    made: app.createdAtMs,
    until: expiresAtMs,
    id: randomText(ID_BYTES),
    ...(isOfGuide && { guide: true }),
  }
  const link = browserSealer.seal(JSON.stringify(content), PURPOSE)
  const address = `${publicRedirectUri(base, mountPath)}/try`
  return { url: withQuery(address, new URLSearchParams({ link })), expiresAtMs }
}

interface Content {
  readonly app: string
  readonly made: number
  readonly until: number
  readonly guide?: true
}

/** @throws {AmazonAuthError} `try_link_invalid`: it is none, or not good any more. */
export function openTryLink(
  link: string | undefined,
  { browserSealer, now }: LinkServices,
): TryLink {
  const text = link === undefined ? undefined : browserSealer.open(link, PURPOSE)
  if (text === undefined)
    throw new AmazonAuthError('try_link_invalid', { reason: 'not one of ours' })
  const { app, made, until, guide } = JSON.parse(text) as Content
  if (now() >= until) throw new AmazonAuthError('try_link_invalid', { app, reason: 'expired' })
  return { appId: app, madeAtMs: made, expiresAtMs: until, isOfGuide: guide === true }
}

/** @throws {AmazonAuthError} `try_link_invalid`: it is for another app. */
export function requireLinkTo(app: App, link: TryLink): void {
  if (link.appId === app.id && link.madeAtMs === app.createdAtMs) return
  throw new AmazonAuthError('try_link_invalid', { app: app.id, reason: 'of another app' })
}
