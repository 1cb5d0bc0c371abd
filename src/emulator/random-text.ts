import { randomInt } from 'node:crypto'

/** Random text of `length` characters, each taken from `alphabet` with the same chance. */
export function randomText(length: number, alphabet: string): string {
  return Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join('')
}
