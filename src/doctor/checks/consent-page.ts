import { buildAuthorizeUrl } from '../../amazon/build-authorize-url'
import { isFailure } from '../../amazon/outcome'
import { findClientCredentials } from '../../apps/client-credentials'
import { sha256 } from '../../crypto/random'
import { toUrl } from '../../to-url'
import { failure, ok, warning, type AppNetworkCheck, type Finding, type Reachable } from '../check'
import { publicUrlOf, type CheckedApp } from '../checked-app'
import { describeUnreached } from '../describe-unreached'
import { returnAddressOf } from '../return-address-of'
import { scopeToCorrect } from '../scope-to-correct'
import type { Site } from '../site'

/**
 * What Amazon's consent page makes of this very app: one HEAD request, when one app alone is asked about. That a page which
 * refuses has the status 400 is inferred of Amazon, so this never fails by it alone; and what guards that page may tell a
 * program nothing, which is no fault.
 */
export const consentPage: AppNetworkCheck = {
  id: 'consent_page',
  of: 'app-network',
  explains: ['invalid_scope', 'unauthorized_client', 'invalid_request'],
  async look(checked, around) {
    const redirectUri = returnAddressOf(checked, around)
    const keys = findClientCredentials(checked.app)
    // Asked for with another address than that of logins, it would refuse what is in order.
    const isTold = around.sole !== undefined && !around.isMountUnknown
    if (!isTold || redirectUri === undefined || keys === undefined) return undefined
    const { authorize } = around.site.endpointsOf(checked.app)
    const address = buildAuthorizeUrl(authorize, {
      clientId: keys.clientId,
      scopes: around.site.scopesOf(checked.app),
      redirectUri,
      state: `${checked.app.id}~doctor`,
      codeChallenge: sha256('doctor'),
    })
    return tell(await around.network.knock(address), redirectUri, checked, around)
  },
}

function tell(
  knock: Awaited<ReturnType<Reachable['network']['knock']>>,
  redirectUri: string,
  checked: CheckedApp,
  { site, mayTellInside }: Reachable,
): Finding {
  if (isFailure(knock)) {
    return warning(
      `the consent page was not reached: ${describeUnreached(knock, mayTellInside)}`,
      'Browsers have to reach it, this host does not. Open a login in a browser.',
    )
  }
  const { status, location = '' } = knock
  const error = errorIn(location, redirectUri)
  if (error !== undefined) return sentBack(error, checked, site)
  if (status === 400) {
    return warning(
      `Amazon's consent page answers 400: most likely ${redirectUri} is not among the Allowed Return URLs, or az_app_id is unknown to it`,
      `Paste ${redirectUri}, as it stands, into Allowed Return URLs (Login with Amazon console, your Security Profile, Web Settings).`,
      publicUrlOf(checked, site)?.origin,
    )
  }
  if (status < 400)
    return ok(`Amazon's consent page takes az_app_id and the return address (${status})`)
  return ok(`Amazon's consent page does not tell a program (${status}): open a login in a browser`)
}

function sentBack(error: string, checked: CheckedApp, site: Site): Finding {
  const seen = `Amazon sends people back at once with ${error}`
  if (error === 'invalid_scope') {
    const { key, origin } = scopeToCorrect(checked, site)
    return failure(seen, `Correct ${key}.`, origin)
  }
  return failure(
    seen,
    'Compare az_app_id and amazon.scope with the Security Profile.',
    checked.originOf('az_app_id'),
  )
}

/** The error with which a browser is sent back to us. */
function errorIn(location: string, redirectUri: string): string | undefined {
  if (!location.startsWith(redirectUri)) return undefined
  return toUrl(location)
    ?.searchParams.get('error')
    ?.replace(/[^\w.-]/g, '')
    .slice(0, 40)
}
