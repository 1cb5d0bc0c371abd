import type { EmulatorClient } from '../../emulator'

/** One of the two apps of the demo. */
export interface Shop {
  /** App id. */
  readonly id: 'acme' | 'zenith'
  readonly name: string
  readonly motto: string
  /** What signs people in to it. */
  readonly means: string
  readonly azAppId: string
  readonly azSecret: string
}

export const ACME: Shop = {
  id: 'acme',
  name: 'Acme Bakery',
  motto: 'Bread at six, every morning.',
  means: 'session cookie',
  azAppId: 'amzn1.application-oa2-client.acme-bakery',
  azSecret: 'amzn1.oa2-cs.v1.made-up-for-acme',
}

export const ZENITH: Shop = {
  id: 'zenith',
  name: 'Zenith Observatory',
  motto: 'Clear skies, nightly.',
  means: 'ID token',
  azAppId: 'amzn1.application-oa2-client.zenith-observatory',
  azSecret: 'amzn1.oa2-cs.v1.made-up-for-zenith',
}

/** Where the lines to paste run, next to the demo. */
export const PASTE_ORIGIN = 'http://localhost:4000'

/** The shop as Amazon's developer console would have it. */
export function securityProfileOf(
  { azAppId, azSecret, name }: Shop,
  demoOrigin: string,
): EmulatorClient {
  return {
    clientId: azAppId,
    clientSecret: azSecret,
    allowedReturnUrls: [demoOrigin, PASTE_ORIGIN].map((origin) => `${origin}/amazon_auth`),
    name,
  }
}
