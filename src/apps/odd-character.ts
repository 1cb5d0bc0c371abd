/** What shows nothing, or nothing but room: controls, marks of direction, joiners, and spaces that are no plain one. */
const INVISIBLE = /[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/u

/**
 * The first character of a text that is not printable ASCII. One that can be seen is told by its place alone, since the text
 * may be a secret.
 *
 * @returns e.g. `an invisible character, U+200B, at place 7`; undefined: there is none.
 */
export function findOddCharacter(text: string): string | undefined {
  const characters = Array.from(text)
  const index = characters.findIndex((character) => !/^[\x20-\x7e]$/.test(character))
  const odd = characters[index]
  if (odd === undefined) return undefined
  const code = (odd.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  return INVISIBLE.test(odd)
    ? `an invisible character, U+${code}, at place ${index + 1}`
    : `a character that is not ASCII at place ${index + 1}`
}
