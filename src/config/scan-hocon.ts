import { failAt, newlineAfter, textOf, TOKEN, type HoconToken } from './hocon-tokens'
import { typedText } from './typed-text'

/** Where a key got a value; `onlyIf` is the path of `key = ${?path}`, which sets nothing when the path is not set. */
export interface Assignment {
  readonly origin: string
  readonly onlyIf: readonly string[] | undefined
}

/** Gives the tokens of an included file; undefined when there is none. `done` ends the file. */
export type OpenInclude = (
  statement: HoconToken,
  name: string,
) => { readonly tokens: readonly HoconToken[]; done(): void } | undefined

type Path = readonly string[]

const MAX_DEPTH = 64
// 'include' and 'file(' … ')' around the quoted name, white space dropped: whether the file must be there.
const INCLUDE_FORMS = new Map([
  ['', false],
  ['file()', false],
  ['required()', true],
  ['required(file())', true],
])

/**
 * One pass over the tokens of a file and those it includes, before the library sees them. It
 * - finds file and line of every key,
 * - puts the tokens of included files in place, so that the library never opens a file or a URL,
 * - refuses keys that would reach JavaScript's own object properties or run as code in the library's queries,
 * - corrects what the library reads otherwise than the specification (`+=` of a number, `require` as a key).
 *
 * @see https://github.com/lightbend/config/blob/main/HOCON.md
 */
export class HoconScanner {
  readonly tokens: HoconToken[] = []
  readonly assignments = new Map<string, Assignment[]>()
  private input: readonly HoconToken[] = []
  private position = 0
  private depth = 0

  constructor(private readonly openInclude: OpenInclude) {}

  /** Reads a whole file, whose braces around everything may be left out, into the object at `path`. */
  scanFile(input: readonly HoconToken[], path: Path | undefined): void {
    const { input: outerInput, position: outerPosition } = this
    this.input = input
    this.position = 0
    this.skip(TOKEN.WHITESPACE, TOKEN.NEWLINE, TOKEN.COMMENT)
    const brace = this.peek()
    if (brace?.type === TOKEN.OPEN_CURLY) this.wrappedFields(brace, path)
    else this.fields(path, undefined)
    this.input = outerInput
    this.position = outerPosition
  }

  private wrappedFields(brace: HoconToken, path: Path | undefined): void {
    this.position++
    this.fields(path, brace)
    this.position++
    this.skip(TOKEN.WHITESPACE, TOKEN.NEWLINE, TOKEN.COMMENT)
    const rest = this.peek()
    if (rest) failAt(rest, 'unexpected text after the last "}"')
  }

  /** Reads fields up to the brace that closes `open`, or up to the end of the file. */
  private fields(path: Path | undefined, open: HoconToken | undefined): void {
    for (let token = this.peek(); token; token = this.peek()) {
      if (token.type === TOKEN.CLOSE_CURLY) {
        if (open) return
        failAt(token, 'a "}" without its "{"')
      }
      if (isTrivia(token) || token.type === TOKEN.COMMA) this.take()
      else if (isWord(token, 'include')) this.include(path)
      else this.field(path)
    }
    if (open) failAt(open, 'this "{" is not closed')
  }

  private field(parent: Path | undefined): void {
    const first = this.peek()
    const key = this.key()
    const path = parent && [...parent, ...key]
    const assign = this.peek()
    if (assign?.type === TOKEN.ASSIGN) this.take()
    const start = this.tokens.length
    const parts = this.value(path)
    if (assign?.value === '+=') typeSingleWord(this.tokens.slice(start))
    if (first && path) this.record(path, first, parts)
  }

  private key(): Path {
    const tokens: HoconToken[] = []
    for (let token = this.peek(); token; token = this.peek()) {
      if (token.type === TOKEN.ASSIGN || token.type === TOKEN.OPEN_CURLY) return parsePath(tokens)
      if (token.type === TOKEN.SUBSTITUTION) failAt(token, 'a key cannot hold "${"')
      if (token.type !== TOKEN.VALUE && !isTrivia(token)) break
      tokens.push(this.take(token))
    }
    return failAt(tokens[0] ?? this.lastToken(), 'a key has no value')
  }

  /** Reads one value; gives for each of its parts the path of an optional substitution, or undefined. */
  private value(path: Path | undefined): (Path | undefined)[] {
    const parts: (Path | undefined)[] = []
    for (let token = this.peek(); token; token = this.peek()) {
      if (isEnd(token, parts.length > 0)) break
      if (token.type === TOKEN.ASSIGN) failAt(token, 'put the value in quotes: it holds "=" or ":"')
      if (isTrivia(token)) this.take()
      else parts.push(this.part(token, path))
    }
    return parts
  }

  private part(token: HoconToken, path: Path | undefined): Path | undefined {
    if (token.type === TOKEN.SUBSTITUTION) return this.substitution(token)
    if (token.type === TOKEN.OPEN_CURLY) this.nested(token, () => this.fields(path, token))
    else if (token.type === TOKEN.OPEN_SQUARE) this.nested(token, () => this.items(token))
    else this.take()
    return undefined
  }

  private nested(open: HoconToken, content: () => void): void {
    if (++this.depth > MAX_DEPTH) failAt(open, `more than ${MAX_DEPTH} levels of nesting`)
    this.take()
    content()
    this.take()
    this.depth--
  }

  private items(open: HoconToken): void {
    for (let token = this.peek(); token; token = this.peek()) {
      if (token.type === TOKEN.CLOSE_SQUARE) return
      if (token.type === TOKEN.CLOSE_CURLY) break
      if (isTrivia(token) || token.type === TOKEN.COMMA) this.take()
      else this.value(undefined)
    }
    failAt(open, 'this "[" is not closed')
  }

  private substitution(open: HoconToken): Path | undefined {
    this.take()
    const tokens: HoconToken[] = []
    for (let token = this.peek(); token; token = this.peek()) {
      this.take()
      if (token.type === TOKEN.CLOSE_CURLY) {
        const path = parsePath(tokens)
        return textOf(open).endsWith('?') ? path : undefined
      }
      if (token.type !== TOKEN.VALUE && token.type !== TOKEN.WHITESPACE) break
      tokens.push(token)
    }
    return failAt(open, 'this "${" is not closed')
  }

  private include(path: Path | undefined): void {
    const statement = this.peek() ?? this.lastToken()
    const { name, required } = parseInclude(statement, this.restOfStatement())
    const opened = this.openInclude(statement, name)
    if (!opened && required)
      failAt(statement, `the file ${JSON.stringify(name)} to include is not there`)
    this.tokens.push(newlineAfter(statement))
    if (opened) this.scanFile(opened.tokens, path)
    opened?.done()
    this.tokens.push(newlineAfter(statement))
  }

  /** What stands after `include`, with the comma behind it; nothing of it is for the library. */
  private restOfStatement(): readonly HoconToken[] {
    const start = ++this.position
    for (let token = this.peek(); token && !isEnd(token, true); token = this.peek()) this.position++
    const rest = this.input.slice(start, this.position)
    if (this.peek()?.type === TOKEN.COMMA) this.position++
    return rest.filter(({ type }) => type !== TOKEN.WHITESPACE && type !== TOKEN.COMMENT)
  }

  private record(
    path: Path,
    { file, line }: HoconToken,
    parts: readonly (Path | undefined)[],
  ): void {
    const key = path.join('.')
    const onlyIf = parts.length === 1 ? parts[0] : undefined
    const earlier = this.assignments.get(key) ?? []
    this.assignments.set(key, [...earlier, { origin: `${file}:${line}`, onlyIf }])
  }

  private peek(): HoconToken | undefined {
    return this.input[this.position]
  }

  private take(token = this.peek()): HoconToken {
    if (!token) return this.lastToken()
    // Both words start an inclusion in the library; here `include` was seen before, and elsewhere both are text.
    if (isWord(token, 'include') || isWord(token, 'require')) token.quoted = true
    this.tokens.push(token)
    this.position++
    return token
  }

  private skip(...types: readonly symbol[]): void {
    for (let token = this.peek(); token && types.includes(token.type); token = this.peek())
      this.position++
  }

  private lastToken(): HoconToken {
    const last = this.input[this.input.length - 1]
    if (!last) throw new RangeError('a token is read where there is none')
    return last
  }
}

function isWord(token: HoconToken, word: string): boolean {
  return token.type === TOKEN.VALUE && !token.quoted && token.value === word
}

function isTrivia({ type }: HoconToken): boolean {
  return type === TOKEN.WHITESPACE || type === TOKEN.NEWLINE || type === TOKEN.COMMENT
}

function isEnd({ type }: HoconToken, begun: boolean): boolean {
  const closes = type === TOKEN.COMMA || type === TOKEN.CLOSE_CURLY || type === TOKEN.CLOSE_SQUARE
  return closes || (begun && type === TOKEN.NEWLINE)
}

/** `a += 2`: a single word after `+=` stays text in the library. */
function typeSingleWord(tokens: readonly HoconToken[]): void {
  const [word, ...more] = tokens.filter((token) => !isTrivia(token))
  if (word && more.length === 0 && !word.quoted) word.value = typedText(textOf(word))
}

function parsePath(tokens: readonly HoconToken[]): Path {
  const words = tokens.filter(({ type }) => type === TOKEN.VALUE || type === TOKEN.WHITESPACE)
  const path = ['']
  for (const word of words) {
    const [head = '', ...more] = word.quoted ? [textOf(word)] : textOf(word).split('.')
    path.push(String(path.pop()) + head, ...more)
  }
  const trimmed = path.map((name) => (words.length > 1 ? name.trim() : name))
  const [first] = tokens
  const refused = trimmed.find((name) => isDangerous(name))
  if (first && refused !== undefined)
    failAt(first, `the key ${JSON.stringify(refused)} is not allowed`)
  return trimmed
}

/** Names every JavaScript object has already, and the query language of the library, which runs `{…}` as code. */
function isDangerous(name: string): boolean {
  return name in Object.prototype || name === 'prototype' || /^\*?\{|^\*$/.test(name.trim())
}

function parseInclude(
  statement: HoconToken,
  tokens: readonly HoconToken[],
): { name: string; required: boolean } {
  const quoted = tokens.filter((token) => token.quoted)
  const form = tokens.filter((token) => !token.quoted).map(textOf)
  const required = INCLUDE_FORMS.get(form.join('').replace(/\s/g, ''))
  const name = quoted.length === 1 && quoted[0] ? textOf(quoted[0]) : ''
  if (required === undefined || name === '' || /^[a-z][a-z0-9+.-]+:/i.test(name)) {
    failAt(
      statement,
      'include takes a local file: include "name.conf" or include required("name.conf")',
    )
  }
  return { name, required }
}
