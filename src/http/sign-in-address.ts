import type { App } from '../apps/app'
import type { AuthServices } from './auth-services'
import { publicRedirectUri, publicUrl } from './login/login-context'

/** Longer pages are not returned to: a header has to hold the address. */
const MAX_RETURN_CHARACTERS = 1_024

/**
 * Where a browser begins to sign in to an app: under its public address, where there is one, since the session will lie there.
 *
 * @param app Undefined: the one that the sign-in finds for itself.
 * @param returnTo Page to end at; it is checked where the sign-in begins.
 */
export function signInAddress(
  app: App | undefined,
  returnTo: string | undefined,
  { services, mountPath }: { readonly services: AuthServices; readonly mountPath: string },
): string {
  const address = publicRedirectUri(publicUrl(app, services) ?? '', mountPath)
  const parameters = new URLSearchParams()
  // `state`, not `appid`: that one would become part of the redirect_uri.
  if (app !== undefined) parameters.set('state', app.id)
  if (returnTo !== undefined && returnTo.length <= MAX_RETURN_CHARACTERS) {
    parameters.set('returnto', returnTo)
  }
  const query = parameters.toString()
  return query === '' ? address : `${address}?${query}`
}
