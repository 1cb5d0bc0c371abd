import { findClientCredentials } from '../../apps/client-credentials'
import { failure, ok, warning, type AppNetworkCheck, type Finding } from '../check'
import { describeUnreached } from '../describe-unreached'
import { returnAddressOf } from '../return-address-of'
import type { CredentialsVerdict } from '../../amazon/probe-credentials'

/** Whether Amazon takes the app's keys: it is asked to trade a code that does not exist. No login, and counted as none. */
export const credentials: AppNetworkCheck = {
  id: 'credentials',
  of: 'app-network',
  explains: ['client_rejected', 'code_rejected', 'unauthorized_client'],
  async look(checked, around) {
    const keys = findClientCredentials(checked.app)
    if (keys === undefined) return undefined
    const redirectUri = returnAddressOf(checked, around) ?? 'https://localhost/amazon_auth'
    const { token } = around.site.endpointsOf(checked.app)
    const verdict = await around.network.probeCredentials({ ...keys, redirectUri, token })
    return tell(verdict, checked.originOf('az_secret'), around.mayTellInside)
  },
}

function tell(
  verdict: CredentialsVerdict,
  origin: string | undefined,
  mayTellInside: boolean,
): Finding {
  if (verdict.verdict === 'good') {
    return ok('Amazon takes az_app_id and az_secret (it refused a made-up code alone)', origin)
  }
  if (verdict.verdict === 'refused') {
    const isUnauthorized = /unauthorized/i.test(verdict.error)
    return failure(
      `Amazon refuses az_app_id and az_secret (${verdict.error})`,
      isUnauthorized
        ? 'Enable Login with Amazon for this Security Profile, and compare az_app_id with its Client ID (Web Settings).'
        : 'Copy Client ID and Client Secret once more from Web Settings of one and the same Security Profile, and see that the app has the region of its account (amazon.region).',
      origin,
    )
  }
  const why = describeUnreached(verdict, mayTellInside)
  return warning(
    `Amazon did not say whether it takes the keys: ${why}`,
    'Run this again in a minute; where it stays so, see amazon_hosts.',
  )
}
