import { isField, type Fields } from '../claims/field'
import { AmazonAuthError } from '../errors'
import { isStorableText } from '../is-storable-text'

/** A customer profile. What the scope did not grant, and what Amazon sent blank, is absent. */
export interface AmazonProfile {
  /** `amzn1.account.…`; the same for all apps of one developer company, another in every other company. */
  readonly userId: string
  readonly name?: string
  readonly email?: string
  readonly postalCode?: string
  /** What else Amazon has sent, by its own names: text, numbers, true or false. */
  readonly further?: Fields
}

/** Visible ASCII but the colon, which separates provider and id in an identifier. */
const USER_ID = /^[\x21-\x39\x3b-\x7e]{1,256}$/
const MAX_NAME_CHARACTERS = 256
/** RFC 5321, section 4.5.3.1.3. */
const MAX_EMAIL_CHARACTERS = 254
const MAX_POSTAL_CODE_CHARACTERS = 32
/** What is beyond these is left out. */
const MAX_FURTHER = 16
const MAX_FURTHER_CHARACTERS = 2_048
const OWN_FIELDS = new Set(['user_id', 'name', 'email', 'postal_code'])
/** What is secret has no place in a profile, wherever it comes from. */
const SECRET_NAME = /(?:token|secret|password)$/i
/** Amazon's own tokens, access and refresh. */
const AMAZON_TOKEN = /^Atz[ar]\|/

/**
 * Reads a profile in its present form or in the older one (`{"Profile": {"CustomerId", "Name", "PrimaryEmail"}}`).
 * Names longer than 256 characters are cut; an email longer than 254 counts as absent. Of further
 * fields, the first 16 short ones are kept, of 2,048 characters in all, and none that is a token or is named like a secret.
 *
 * @throws {AmazonAuthError} `profile_malformed`: no usable `user_id`, or a field that no store keeps as it is.
 */
export function parseProfile(body: Readonly<Record<string, unknown>>): AmazonProfile {
  const fields = isRecord(body.Profile) ? fromOlderForm(body.Profile) : body
  const userId = fields.user_id
  if (typeof userId !== 'string' || !USER_ID.test(userId)) {
    throw new AmazonAuthError('profile_malformed', { field: 'user_id' })
  }
  const name = cut(readText(fields, 'name'), MAX_NAME_CHARACTERS)
  const email = readText(fields, 'email')
  const postalCode = cut(readText(fields, 'postal_code'), MAX_POSTAL_CODE_CHARACTERS)
  const further = readFurther(fields)
  return {
    userId,
    ...(name !== undefined && { name }),
    ...(email !== undefined && email.length <= MAX_EMAIL_CHARACTERS && { email }),
    ...(postalCode !== undefined && { postalCode }),
    ...(further !== undefined && { further }),
  }
}

function fromOlderForm(profile: Record<string, unknown>): Record<string, unknown> {
  const { CustomerId: user_id, Name: name, PrimaryEmail: email, ...rest } = profile
  const { PostalCode: postal_code, ...further } = rest
  return { ...further, user_id, name, email, postal_code }
}

function readFurther(fields: Readonly<Record<string, unknown>>): Fields | undefined {
  let roomCharacters = MAX_FURTHER_CHARACTERS
  const further = Object.entries(fields).filter(([name, value]) => {
    if (OWN_FIELDS.has(name) || !isField(name, value) || isBlank(value)) return false
    if (SECRET_NAME.test(name) || AMAZON_TOKEN.test(String(value))) return false
    roomCharacters -= name.length + String(value).length
    return roomCharacters >= 0
  })
  if (further.length === 0) return undefined
  return Object.fromEntries(further.slice(0, MAX_FURTHER)) as Fields
}

function isBlank(value: unknown): boolean {
  return typeof value === 'string' && value.trim() === ''
}

/** Text of a field as sent; absent when blank. Postal codes have been seen as numbers. */
function readText(fields: Readonly<Record<string, unknown>>, field: string): string | undefined {
  const value = fields[field]
  if (typeof value !== 'string' && typeof value !== 'number') return undefined
  // A name cut in the middle of a character is still a name.
  const text = field === 'name' ? String(value).toWellFormed() : String(value)
  if (!isStorableText(text)) throw new AmazonAuthError('profile_malformed', { field })
  return text.trim() === '' ? undefined : text
}

function cut(text: string | undefined, maxCharacters: number): string | undefined {
  if (text === undefined || text.length <= maxCharacters) return text
  return Array.from(text).slice(0, maxCharacters).join('')
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
