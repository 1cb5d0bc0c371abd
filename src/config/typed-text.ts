/** A number as JSON writes it. */
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?$/

/**
 * The value of unquoted HOCON text: true, false, null, a number, or the text itself.
 * A number that JavaScript cannot hold exactly (a long numeric id) stays text.
 */
export function typedText(text: string): string | number | boolean | null {
  const word = text.trim()
  if (word === 'true' || word === 'false') return word === 'true'
  if (word === 'null') return null
  if (!NUMBER.test(word)) return text
  const number = Number(word)
  return Math.abs(number) <= Number.MAX_SAFE_INTEGER ? number : text
}
