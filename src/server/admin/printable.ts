/** What a terminal would obey rather than show. */
const UNSEEN = /(?!\n)[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu

/**
 * Text that may be shown on a terminal: names of people and answers of servers come from outside. Line ends stay;
 * JSON stays JSON of the same meaning.
 */
export function printable(text: string): string {
  return text.replace(UNSEEN, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
