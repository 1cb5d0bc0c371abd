import type { Surroundings } from './check'
import { publicUrlOf, type CheckedApp } from './checked-app'

/** The `redirect_uri` that a login of this app begins with, as far as it can be told. */
export function returnAddressOf(
  app: CheckedApp,
  { site, request, express }: Surroundings,
): string | undefined {
  const base = publicUrlOf(app, site)?.url ?? request?.origin
  const mountPath = request?.mountPath ?? express?.mountPath ?? ''
  return base === undefined ? undefined : site.returnAddress(base, mountPath)
}
