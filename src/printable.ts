/** What a terminal or a viewer of logs would obey rather than show: control characters, C1, bidirectional marks, line ends. */
const UNSEEN = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu

/**
 * Text of others (names of people, paths, answers of servers) as it may stand in a line of a log or of a table. JSON
 * stays JSON of the same meaning.
 */
export function printable(text: string): string {
  return text.replace(UNSEEN, (sign) => SHORT.get(sign) ?? escaped(sign))
}

/** The same for a text of several lines, such as a message to a person. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n')
}

function escaped(sign: string): string {
  return `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`
}

const SHORT = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
])
