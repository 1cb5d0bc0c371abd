/** What one field of a profile, or one claim of a token, holds. */
export type Scalar = string | number | boolean

/** Fields of a profile, or claims, by name. */
export type Fields = Readonly<Record<string, Scalar>>

/** How a field of a profile is named: no dots, so that a constant such as `amazon.com` is not taken for one. */
export const FIELD_NAME = /^[A-Za-z][\w-]{0,63}$/
export const MAX_FIELD_CHARACTERS = 256

/** A value that may be kept and handed on: short, and no object or list. */
export function isField(name: string, value: unknown): value is Scalar {
  if (!FIELD_NAME.test(name)) return false
  if (typeof value === 'string') return isShort(value)
  return typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))
}

/** Text that every store holds as it is. */
function isShort(text: string): boolean {
  return text.length <= MAX_FIELD_CHARACTERS && text.isWellFormed() && !text.includes('\0')
}
