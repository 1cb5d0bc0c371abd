import { ConfigError } from './config-error'

/** A field of an object. A key of several names, as `a.b = 1`, is a field whose value is an object. */
export interface HoconField {
  readonly name: string
  readonly value: HoconValue
}

export interface HoconValue {
  /** What stands side by side and makes up the value together. */
  readonly parts: readonly HoconPart[]
  /** Written behind `+=`. */
  readonly isAppended: boolean
  /** `application.conf:12` */
  readonly origin: string
}

export type HoconPart =
  | { readonly kind: 'quoted' | 'unquoted' | 'space'; readonly text: string }
  | { readonly kind: 'reference'; readonly path: readonly string[]; readonly isOptional: boolean }
  | { readonly kind: 'object'; readonly fields: readonly HoconField[] }
  | { readonly kind: 'list'; readonly items: readonly HoconValue[] }

/** Gives the fields of a file that is included; none where there is no such file and it need not be there. */
export type Include = (
  name: string,
  isRequired: boolean,
  fail: (problem: string) => never,
) => readonly HoconField[]

const MAX_DEPTH = 64
const TOO_DEEP = `more than ${MAX_DEPTH} levels of nesting`
const GAP = /[^\S\n]+/y
const COMMENT = /#[^\n]*|\/\/[^\n]*/y
const LINES = /(?:\s|#[^\n]*|\/\/[^\n]*)+/y
const UNQUOTED = /(?:(?!\/\/)[^\s$"{}[\]:=,+#`^?!@*&\\])+/y
const QUOTED = /"(?:[^"\\\n]|\\.)*"/y
const TRIPLE = /"""[^]*?"""+/y
const ASSIGN = /\+=|[:=]/y
const REFERENCE = /\$\{\??/y
const INCLUDED =
  /[^\S\n]*(?:(required)\(\s*(?:file\(\s*("[^"\n]+")\s*\)|("[^"\n]+"))\s*\)|file\(\s*("[^"\n]+")\s*\)|("[^"\n]+"))/y

/**
 * Reads the fields of a HOCON text, whose braces around everything may be left out. Nothing is looked up yet.
 *
 * @param file Name for messages.
 * @throws {ConfigError} With file and line, and nothing of a value, which may be a secret.
 * @see https://github.com/lightbend/config/blob/main/HOCON.md
 */
export function readFields(text: string, file: string, include: Include): readonly HoconField[] {
  return new Reader(text, file, include).readFile()
}

class Reader {
  private readonly text: string
  private position = 0
  private line = 1
  private depth = 0

  constructor(
    text: string,
    private readonly file: string,
    private readonly include: Include,
  ) {
    // Editors on Windows write a byte order mark.
    this.text = text.replace(/^\uFEFF/, '')
  }

  readFile(): readonly HoconField[] {
    this.take(LINES)
    if (this.peek() !== '{') return this.fields(undefined)
    const { fields } = this.object()
    this.take(LINES)
    if (this.peek() !== '') this.fail('unexpected text after the last "}"')
    return fields
  }

  /** Fields up to the brace that closes the one of line `open`, or up to the end of the file. */
  private fields(open: number | undefined): readonly HoconField[] {
    const fields: HoconField[] = []
    this.take(LINES)
    while (this.peek() !== '}') {
      if (this.peek() === '') {
        if (open === undefined) return fields
        this.fail('this "{" is not closed', open)
      }
      for (const field of this.statement()) fields.push(field)
      this.separator()
    }
    if (open === undefined) this.fail('a "}" without its "{"')
    this.position += 1
    return fields
  }

  private separator(): void {
    this.take(LINES)
    if (this.peek() !== ',') return
    this.position += 1
    this.take(LINES)
    if (this.peek() === ',') this.fail('a comma too many')
  }

  private statement(): readonly HoconField[] {
    const { line, position } = this
    if (this.take(UNQUOTED) === 'include') return this.included(line)
    this.position = position
    const path = this.path(/[={:+\n]/, line)
    this.take(LINES)
    const sign = this.take(ASSIGN)
    if (sign === undefined && this.peek() !== '{') this.fail('a key has no value', line)
    const value = this.value(line, sign === '+=')
    if (value.parts.length === 0) this.fail('a key has no value', line)
    return [fieldAt(path, value)]
  }

  private included(line: number): readonly HoconField[] {
    INCLUDED.lastIndex = this.position
    const found = INCLUDED.exec(this.text)
    const [all = '', required, ...names] = found ?? []
    const quoted = names.find(Boolean) ?? '""'
    this.position += all.length
    this.take(GAP)
    this.take(COMMENT)
    const name = this.unquote(quoted, line)
    const isWhole = /^$|[\n,}]/.test(this.peek())
    if (name === '' || !isWhole || /^[a-z][a-z0-9+.-]+:/i.test(name)) {
      this.fail(
        'include takes a local file: include "name.conf" or include required("name.conf")',
        line,
      )
    }
    return this.include(name, required !== undefined, (problem) => this.fail(problem, line))
  }

  /** Names with dots between them, up to a character. What is quoted is a name as it stands, or a part of one. */
  private path(end: RegExp, line: number): readonly string[] {
    this.take(GAP)
    const path = ['']
    let hasQuoted = false
    let gap = ''
    for (let next = this.peek(); next !== '' && !end.test(next); next = this.peek()) {
      const isQuoted = next === '"'
      const [head = '', ...more] = isQuoted ? [this.quoted()] : this.word(next).split('.')
      path.push(String(path.pop()) + gap + head, ...more)
      gap = this.take(GAP) ?? ''
      hasQuoted ||= isQuoted
    }
    if (path.length > MAX_DEPTH) this.fail(TOO_DEEP, line)
    const names = hasQuoted ? path : path.map((name) => name.trim())
    if (!hasQuoted && names.includes('')) this.fail('a key has an empty part', line)
    const refused = names.find(isDangerous)
    if (refused !== undefined) this.fail(`the key ${JSON.stringify(refused)} is not allowed`, line)
    return names
  }

  private word(next: string): string {
    if (next === '$') this.fail('a key cannot hold "${"')
    return this.take(UNQUOTED) ?? this.fail('a key has no value')
  }

  /** The parts of a value up to the end of its line. */
  private value(line = this.line, isAppended = false): HoconValue {
    const parts: HoconPart[] = []
    this.take(LINES)
    for (;;) {
      const gap = this.take(GAP) ?? ''
      this.take(COMMENT)
      const next = this.peek()
      if (next === '' || /[\n,}\]]/.test(next)) break
      if (gap !== '' && parts.length > 0) parts.push({ kind: 'space', text: gap })
      parts.push(this.part(next))
    }
    return { parts, isAppended, origin: `${this.file}:${line}` }
  }

  private part(next: string): HoconPart {
    if (next === '"') return { kind: 'quoted', text: this.quoted() }
    if (next === '{') return this.object()
    if (next === '[') return this.list()
    const reference = this.take(REFERENCE)
    if (reference !== undefined) return this.reference(reference.endsWith('?'))
    const text = this.take(UNQUOTED)
    if (text !== undefined) return { kind: 'unquoted', text }
    const what = /[:=]/.test(next) ? '"=" or ":"' : next === '+' ? 'a "+"' : 'a special character'
    return this.fail(`put the value in quotes: it holds ${what}`)
  }

  private object(): { readonly kind: 'object'; readonly fields: readonly HoconField[] } {
    const { line } = this
    this.descend()
    const fields = this.fields(line)
    this.depth -= 1
    return { kind: 'object', fields }
  }

  private list(): HoconPart {
    const { line } = this
    this.descend()
    const items: HoconValue[] = []
    this.take(LINES)
    while (this.peek() !== ']') {
      if (this.peek() === '' || this.peek() === '}') this.fail('this "[" is not closed', line)
      const item = this.value()
      if (item.parts.length === 0) this.fail('a comma too many')
      items.push(item)
      this.separator()
    }
    this.position += 1
    this.depth -= 1
    return { kind: 'list', items }
  }

  private descend(): void {
    this.position += 1
    this.depth += 1
    if (this.depth > MAX_DEPTH) this.fail(TOO_DEEP)
  }

  private reference(isOptional: boolean): HoconPart {
    const { line } = this
    const path = this.path(/[}\n]/, line)
    if (this.peek() !== '}') this.fail('this "${" is not closed', line)
    this.position += 1
    return { kind: 'reference', path, isOptional }
  }

  private quoted(): string {
    const { line } = this
    if (this.text.startsWith('"""', this.position)) {
      const text = this.take(TRIPLE) ?? this.fail('a text in triple quotes is not closed')
      return text.slice(3, -3)
    }
    const text = this.take(QUOTED) ?? this.fail('a quoted text is not closed on its line')
    return this.unquote(text, line)
  }

  private unquote(text: string, line: number): string {
    try {
      return String(JSON.parse(text))
    } catch {
      return this.fail('a quoted text holds a wrong escape', line)
    }
  }

  /** The next character; empty at the end. */
  private peek(): string {
    return this.text.charAt(this.position)
  }

  /** @param pattern Sticky. */
  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position
    const taken = pattern.exec(this.text)?.[0]
    if (taken === undefined) return undefined
    this.position += taken.length
    for (let at = taken.indexOf('\n'); at >= 0; at = taken.indexOf('\n', at + 1)) this.line += 1
    return taken
  }

  private fail(problem: string, line = this.line): never {
    throw new ConfigError([{ key: '', origin: `${this.file}:${line}`, problem }])
  }
}

function fieldAt([name = '', ...rest]: readonly string[], value: HoconValue): HoconField {
  if (rest.length === 0) return { name, value }
  const fields = [fieldAt(rest, value)]
  const { origin } = value
  return { name, value: { parts: [{ kind: 'object', fields }], isAppended: false, origin } }
}

/** Names that every object of JavaScript has already. */
function isDangerous(name: string): boolean {
  return name in Object.prototype || name === 'prototype'
}
