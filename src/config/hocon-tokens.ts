import { getClass, type HoconToken } from '@pushcorn/hocon-parser'
import { ConfigError } from './config-error'

export type { HoconToken } from '@pushcorn/hocon-parser'

const Token = getClass('core.Token')
const Tokenizer = getClass('core.Tokenizer')

export const TOKEN = Token.TYPE

/** A line end that stands between fields which come from different files. */
export function newlineAfter({ line, file }: HoconToken): HoconToken {
  return new Token(TOKEN.NEWLINE, '\n', line, 1, false, file)
}

/** The library's time to read a quoted text grows with the square of its length. */
const MAX_LINE_CHARACTERS = 16 * 1024

/**
 * Splits HOCON text into the library's tokens.
 *
 * @param file Name for messages.
 * @throws {ConfigError} When a character or a quoted text is not allowed, or a line has more than 16,384 characters.
 */
export function readTokens(text: string, file: string): HoconToken[] {
  const long = text.split('\n').findIndex((line) => line.length > MAX_LINE_CHARACTERS)
  if (long >= 0) {
    const problem = `the line is longer than ${MAX_LINE_CHARACTERS} characters`
    throw new ConfigError([{ key: '', origin: `${file}:${long + 1}`, problem }])
  }
  // Editors on Windows write a byte order mark, which the library takes for a letter of the first key.
  const withoutMark = text.startsWith('\uFEFF') ? text.slice(1) : text
  const tokens = explainErrors(file, () => new Tokenizer(file).tokenize(withoutMark, true))
  return dropComments(tokens.map(pipeAsText))
}

/** The specification has no transforms: a pipe is a character of unquoted text. */
function pipeAsText(token: HoconToken): HoconToken {
  if (token.type === TOKEN.PIPE) token.type = TOKEN.VALUE
  return token
}

/** `a = b//c` is `b` and a comment; the library sees comments only at the start of a token. */
function dropComments(tokens: readonly HoconToken[]): HoconToken[] {
  let inComment = false
  return tokens.filter((token) => {
    if (token.type === TOKEN.NEWLINE) inComment = false
    if (inComment) return false
    const comment = textOf(token).indexOf('//')
    if (token.type === TOKEN.VALUE && !token.quoted && comment > 0) {
      token.value = textOf(token).slice(0, comment)
      inComment = true
    }
    return true
  })
}

/** The text of a token as written (without quotes). */
export function textOf(token: HoconToken): string {
  return String(token.value)
}

/** Fails at the place of a token. */
export function failAt({ file, line }: HoconToken, problem: string): never {
  throw new ConfigError([{ key: '', origin: `${file}:${line}`, problem }])
}

// The library's own messages repeat parts of values, which may be secrets, so they never reach the reader.
const EXPLANATIONS: readonly (readonly [RegExp, string])[] = [
  [/^Plus sign/, 'put the value in quotes: it holds a "+"'],
  [/^Unexpected character/, 'put the value in quotes: it holds a special character'],
  [/^Quoted string not closed/, 'a quoted text is not closed on its line'],
  [/^Multi-line string/, 'a text in triple quotes is not closed'],
  [/^(Unescaped|Invalid escape|Invalid Unicode)/, 'a quoted text holds a wrong escape'],
  [
    /^(Unable to merge|Unable to concatenate|Unable to start|Self-ref)/,
    'values of different kinds are joined',
  ],
  [/^values refer/, 'values refer to each other in a circle'],
  [/^A key cannot/, 'a key has an empty part'],
  [/^No value specified/, 'a key has no value'],
]

/** Runs a call of the library and says what it threw in our own words, with file and line. */
export function explainErrors<T>(file: string, call: () => T): T {
  try {
    return call()
  } catch (thrown) {
    throw explain(file, thrown)
  }
}

export function explain(file: string, thrown: unknown): ConfigError {
  if (thrown instanceof ConfigError) return thrown
  const message = thrown instanceof Error ? thrown.message : ''
  const [, line, from = file] =
    /.*line: (\d+), col: \d+(?:, file: (.*?))?(?: \}|\))/s.exec(message) ?? []
  const [, unresolved] = /^Unable to resolve '(.*?)'/.exec(message) ?? []
  const problem =
    unresolved === undefined
      ? (EXPLANATIONS.find(([pattern]) => pattern.test(message))?.[1] ?? 'unexpected text')
      : `\${${unresolved}} is set neither in the file nor in the environment`
  return new ConfigError([
    { key: '', origin: line === undefined ? from : `${from}:${line}`, problem },
  ])
}
