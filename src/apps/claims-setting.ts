import {
  ClaimMappingError,
  parseClaimMapping,
  type ClaimMapping,
  type ClaimsSetting,
} from '../claims/claim-mapping'
import type { App } from './app'
import { perApp } from './per-app'
import { textSetting } from './typed-setting'
import { HarmfulValueError, type Format, type HostTraits } from './value-formats'

/** As long as the longest in one line of a file. */
const MAX_CHARACTERS = 4 * 1024
/** The rest is counted. */
const MAX_NAMED = 3
const NO_OBJECT = 'must be an object such as {"displayName": "name"}, or one as JSON'
/** What Amazon's profile holds, as far as it is documented. */
const KNOWN_FIELDS = ['user_id', 'name', 'email', 'postal_code']

/** A mapping, as an object or as JSON text. It is read as JSON text, each source in a list. */
export const claims: Format<string, string | ClaimsSetting> = {
  parse(value) {
    const text = JSON.stringify(Object.fromEntries(readMapping(value)))
    if (text.length > MAX_CHARACTERS) {
      throw new HarmfulValueError(`must have at most ${MAX_CHARACTERS} characters as JSON`)
    }
    return text
  },
  warn: (value, host) => findUnknownFields(readMapping(value), host),
}

/**
 * Fields that a mapping asks for and that are not known: a sentence that follows the name of the setting, or none.
 *
 * @param host.mapsProfiles Whether the host has a hook `mapProfile`: it may give any field, so that none is odd beside it.
 */
export function findUnknownFields(
  mapping: ClaimMapping,
  { mapsProfiles = false }: HostTraits = {},
): readonly string[] {
  const unknown = Array.from(mapping, ([claim, sources]) =>
    sources.flatMap((source) =>
      typeof source === 'string' && !KNOWN_FIELDS.includes(source)
        ? [`"${claim}" from "${source}"`]
        : [],
    ),
  ).flat()
  if (unknown.length === 0 || mapsProfiles) return []
  const [are, left] =
    unknown.length === 1
      ? ['which is no known field', 'it is left out unless Amazon or mapProfile gives it']
      : ['which are no known fields', 'they are left out unless Amazon or mapProfile gives them']
  return [
    `takes ${listed(unknown)}, ${are} of Amazon's profile (${KNOWN_FIELDS.join(', ')}): ${left}. A constant is written {"value": "..."}`,
  ]
}

/** `a`, `a and b`, `a, b, c and 2 more`. */
function listed(items: readonly string[]): string {
  const shown = items.length > MAX_NAMED + 1 ? items.slice(0, MAX_NAMED) : items.slice(0, -1)
  const last =
    shown.length + 1 < items.length ? `${items.length - shown.length} more` : items.at(-1)
  return [...(shown.length > 0 ? [shown.join(', ')] : []), last].join(' and ')
}

/** The mapping of an app, or the configured one where it has none. */
export function claimMappingOf(
  app: App,
  { claimMapping }: { readonly claimMapping: ClaimMapping | undefined },
): ClaimMapping | undefined {
  return ownMapping(app) ?? claimMapping
}

const ownMapping = perApp((app) => {
  const text = textSetting(app, 'claims')
  return text === undefined ? undefined : readMapping(text)
})

/**
 * What is no mapping is not to be kept, be it an object or text: it would take the place of one that works.
 *
 * @throws {HarmfulValueError}
 */
export function readMapping(value: unknown): ClaimMapping {
  try {
    return parseClaimMapping(typeof value === 'string' ? JSON.parse(value) : value)
  } catch (thrown) {
    if (thrown instanceof SyntaxError) throw new HarmfulValueError(NO_OBJECT)
    if (!(thrown instanceof ClaimMappingError)) throw thrown
    throw new HarmfulValueError(thrown.message)
  }
}
