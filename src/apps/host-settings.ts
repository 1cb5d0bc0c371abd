import { snakeCase } from '../wire-names'

/** Addresses of Amazon's. An app picks none: what is asked of Amazon is asked from inside the operator's network, with secrets. */
const HOSTS_OF_AMAZON: ReadonlySet<string> = new Set([
  'amazon.authorize_url',
  'amazon.api_url',
  'amazon.token_url',
  'amazon.profile_url',
  'amazon.tokeninfo_url',
  'amazon.codepair_url',
])

/**
 * Why a setting of this name does nothing for an app, though the configuration has a key of that name. Follows the name.
 *
 * @param name As it was written, in code maybe `amazon.tokenUrl`.
 * @returns Undefined: it is no such name.
 */
export function explainHostSetting(name: string): string | undefined {
  const key = snakeCase(name)
  if (!HOSTS_OF_AMAZON.has(key)) return undefined
  return `has no effect for an app: hosts of Amazon are set for all apps, by para.${key}`
}
