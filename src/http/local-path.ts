import { toAscii } from '../apps/target-url'

/** What is brought along is shorter than a target: beside it, an answer's headers hold cookies. */
const MAX_CHARACTERS = 1_024

/** A short path that no browser takes for another host: `//x`, `/\x` and their encoded forms are none. */
export function isLocalPath(text: string): boolean {
  return isShort(text) && isPlainPath(text) && isPlainPath(decodeLeniently(text))
}

/** Whether an address that is brought along may be kept until the end of a login. */
export function isShort(text: string): boolean {
  return text.length <= MAX_CHARACTERS && toAscii(text).length <= MAX_CHARACTERS
}

function isPlainPath(text: string): boolean {
  // Browsers drop tabs and line ends, and then read `//`.
  return /^\/(?![/\\])[^\\\p{Cc}]*$/u.test(text)
}

function decodeLeniently(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
