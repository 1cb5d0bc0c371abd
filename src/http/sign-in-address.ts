import type { App } from '../apps/app'
import type { SessionServices } from './auth-services'
import { publicRedirectUri, publicUrl } from './public-address'

/** Longer pages are not returned to: a header has to hold the address. */
const MAX_RETURN_CHARACTERS = 1_024

/** What a login is asked for beside the app. */
export interface Asked {
  /** The front end it comes from, by address or by number. */
  readonly hostUrl?: string | undefined
  readonly aliasIndex?: number | undefined
  /** Page to end at; it is checked where the login begins. */
  readonly returnTo?: string | undefined
}

/**
 * Where a browser begins to sign in to an app: under its public address, where there is one, since the session will lie there.
 *
 * @param app Undefined: the one that the sign-in finds for itself.
 */
export function signInAddress(
  app: App | undefined,
  { hostUrl, aliasIndex, returnTo }: Asked,
  { services, mountPath }: { readonly services: SessionServices; readonly mountPath: string },
): string {
  const address = publicRedirectUri(publicUrl(app, services) ?? '', mountPath)
  const parameters = new URLSearchParams()
  // `state`, not `appid`: that one would become part of the redirect_uri.
  if (app !== undefined) {
    parameters.set('state', aliasIndex === undefined ? app.id : `${app.id}|${aliasIndex}`)
  }
  if (hostUrl !== undefined) parameters.set('host_url', hostUrl)
  if (returnTo !== undefined && returnTo.length <= MAX_RETURN_CHARACTERS) {
    parameters.set('returnto', returnTo)
  }
  return withQuery(address, parameters)
}

/** Where a screen shows the code by which people sign in to an app on it. */
export function deviceAddress(
  app: App,
  { services, mountPath }: { readonly services: SessionServices; readonly mountPath: string },
): string {
  const address = publicRedirectUri(publicUrl(app, services) ?? '', mountPath)
  return withQuery(`${address}/device`, new URLSearchParams({ appid: app.id }))
}

export function withQuery(address: string, parameters: URLSearchParams): string {
  const query = parameters.toString()
  return query === '' ? address : `${address}?${query}`
}
