/** Longer names are refused when an app is made, so none has one. */
export const MAX_APP_ID_CHARACTERS = 128

/**
 * The one form of an app's name, wherever it comes from: `app:` prefixes and outer white space dropped, inner white
 * space to a dash, then everything but ASCII letters, digits, `-`, `_` and `.` dropped. Case is kept.
 *
 * @returns The app id; empty when nothing usable is left.
 */
export function normalizeAppId(raw: string): string {
  return withDashes(raw).replace(DROPPED, '')
}

/** Whether a name has characters that no app id has: such an app is called otherwise than people have written it. */
export function losesCharacters(raw: string): boolean {
  return normalizeAppId(raw) !== withDashes(raw)
}

const DROPPED = /[^A-Za-z0-9._-]/g

function withDashes(raw: string): string {
  return raw
    .trim()
    .replace(/^(?:app:)+/, '')
    .trim()
    .replace(/\s+/g, '-')
}
