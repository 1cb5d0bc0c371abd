/** Where Amazon keeps an account and answers for it: North America, Europe, Far East. */
export const REGIONS = ['na', 'eu', 'fe'] as const
export type Region = (typeof REGIONS)[number]

/** Where Login with Amazon answers. */
export interface AmazonEndpoints {
  readonly region: Region
  /** Consent page the browser is sent to. */
  readonly authorize: string
  readonly token: Endpoint
  readonly profile: Endpoint
  readonly tokenInfo: Endpoint
  /** Gives a device the pair of codes that it is linked by. */
  readonly codePair: Endpoint
  /** Whether that address is inferred from others, since Amazon documents none for the region. */
  readonly isCodePairInferred: boolean
  /** By what Amazon may name itself as the issuer of a token here. */
  readonly issuers: ReadonlySet<string>
}

/** One address, taken apart once rather than at each request. */
export interface Endpoint {
  /** Scheme, host and port. */
  readonly origin: string
  readonly path: string
}

/** Addresses that take the place of the region's own, whatever the region. */
export interface EndpointOverrides {
  /** Amazon's consent page, e.g. `https://www.amazon.com/ap/oa`. Default: that of the region. */
  readonly authorizeUrl?: string | undefined
  /** Base of the following, e.g. `https://api.amazon.com`; a path in it is kept. Default: that of the region. */
  readonly apiUrl?: string | undefined
  /** Where codes are traded for tokens. Default: that of the region. */
  readonly tokenUrl?: string | undefined
  /** Where profiles are read. Default: that of the region. */
  readonly profileUrl?: string | undefined
  /** Where tokens that others hand in are checked. Default: that of the region. */
  readonly tokeninfoUrl?: string | undefined
  /** Where devices get their pair of codes. Default: that of the region. */
  readonly codepairUrl?: string | undefined
}

/**
 * Hosts for signing in and for tokens are those that Amazon's guides name (data portability, Ads); that profiles and token
 * information are at the latter too is taken from its Pay SDK. Of code pairs nothing is known but the first.
 */
const HOSTS: Readonly<Record<Region, { readonly authorize: string; readonly api: string }>> = {
  na: { authorize: 'https://www.amazon.com/ap/oa', api: 'https://api.amazon.com' },
  eu: { authorize: 'https://eu.account.amazon.com/ap/oa', api: 'https://api.amazon.co.uk' },
  fe: { authorize: 'https://apac.account.amazon.com/ap/oa', api: 'https://api.amazon.co.jp' },
}

/** Seen is the first alone, of every region's token: the others are taken in case. */
const ISSUERS: Readonly<Record<Region, readonly string[]>> = {
  na: ['com'],
  eu: ['com', 'co.uk', 'de', 'fr', 'it', 'es'],
  fe: ['com', 'co.jp', 'com.au', 'sg'],
}

/**
 * The endpoints of one region.
 *
 * @see https://developer.amazon.com/docs/login-with-amazon/authorization-code-grant.html
 * @see https://developer.amazon.com/docs/amazon-data-portability/lwa-access-token.html (hosts by region)
 */
export function buildEndpoints(region: Region, overrides: EndpointOverrides = {}): AmazonEndpoints {
  const { authorizeUrl, apiUrl, tokenUrl, profileUrl, tokeninfoUrl, codepairUrl } = overrides
  const hosts = HOSTS[region]
  const api = (apiUrl ?? hosts.api).replace(/\/+$/, '')
  // Which region an address of the operator's is in, nobody says.
  const isOwn = apiUrl !== undefined || tokeninfoUrl !== undefined
  const domains = isOwn ? REGIONS.flatMap((each) => ISSUERS[each]) : ISSUERS[region]
  return {
    region,
    authorize: new URL(authorizeUrl ?? hosts.authorize).href,
    token: endpointAt(tokenUrl ?? `${api}/auth/o2/token`),
    profile: endpointAt(profileUrl ?? `${api}/user/profile`),
    tokenInfo: endpointAt(tokeninfoUrl ?? `${api}/auth/o2/tokeninfo`),
    codePair: endpointAt(codepairUrl ?? `${api}/auth/o2/create/codepair`),
    isCodePairInferred: region !== 'na' && apiUrl === undefined && codepairUrl === undefined,
    issuers: new Set(domains.map((domain) => `https://www.amazon.${domain}`)),
  }
}

/** Whether a region makes no difference any more: every address is the operator's own. */
export function areAllOverridden({ authorizeUrl, apiUrl, ...others }: EndpointOverrides): boolean {
  const { tokenUrl, profileUrl, tokeninfoUrl, codepairUrl } = others
  const apis = [tokenUrl, profileUrl, tokeninfoUrl, codepairUrl]
  return authorizeUrl !== undefined && (apiUrl !== undefined || !apis.includes(undefined))
}

/** The keys of the configuration that take the place of a part of every region, by name without `para.`. */
export function overriddenKeys(overrides: EndpointOverrides): readonly string[] {
  return OVERRIDES.filter(([option]) => overrides[option] !== undefined).map(([, key]) => key)
}

const OVERRIDES = [
  ['authorizeUrl', 'amazon.authorize_url'],
  ['apiUrl', 'amazon.api_url'],
  ['tokenUrl', 'amazon.token_url'],
  ['profileUrl', 'amazon.profile_url'],
  ['tokeninfoUrl', 'amazon.tokeninfo_url'],
  ['codepairUrl', 'amazon.codepair_url'],
] as const

function endpointAt(address: string): Endpoint {
  const { origin, pathname: path } = new URL(address)
  return { origin, path }
}
