import {
  ClaimMappingError,
  parseClaimMapping,
  type ClaimMapping,
  type ClaimsSetting,
} from '../claims/claim-mapping'
import type { App } from './app'
import { perApp } from './per-app'
import { textSetting } from './read-setting'
import { HarmfulValueError, type Format } from './value-formats'

/** As long as the longest in one line of a file. */
const MAX_CHARACTERS = 4 * 1024
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
  warn: (value) => findUnknownFields(readMapping(value)),
}

/** Fields that a mapping asks for and that are not known: sentences that follow the name of the setting. */
export function findUnknownFields(mapping: ClaimMapping): readonly string[] {
  const unknown = Array.from(mapping, ([claim, sources]) =>
    sources.flatMap((source) =>
      typeof source === 'string' && !KNOWN_FIELDS.includes(source)
        ? [`takes "${claim}" from "${source}"`]
        : [],
    ),
  ).flat()
  if (unknown.length === 0) return []
  const [first = ''] = unknown
  const others = unknown.length > 1 ? ` (and ${unknown.length - 1} more)` : ''
  return [
    `${first}${others}, which is no known field of Amazon's profile (${KNOWN_FIELDS.join(', ')}): it is left out unless Amazon or mapProfile gives it. A constant is written {"value": "..."}`,
  ]
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
