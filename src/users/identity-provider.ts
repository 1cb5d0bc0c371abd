/** Prefix of identifiers that come from Amazon. */
export const AMAZON_PREFIX = 'az:'

/** Who vouched for a user: Amazon, or the app's own back end. */
export function identityProviderOf(identifier: string): 'amazon' | 'generic' {
  return identifier.startsWith(AMAZON_PREFIX) ? 'amazon' : 'generic'
}
