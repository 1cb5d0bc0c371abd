import { existsSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, extname, join, resolve } from 'node:path'
import { Context, getClass } from '@pushcorn/hocon-parser'
import type { Json } from '../apps/settings'
import { ConfigError } from './config-error'
import { decodeFile } from './decode-file'
import { explain, failAt, readTokens, type HoconToken } from './hocon-tokens'
import { HoconScanner, type Assignment } from './scan-hocon'
import { typedText } from './typed-text'

/** Values of a HOCON text, and where each was set. */
export interface HoconDocument {
  readonly values: Readonly<Record<string, Json>>
  /** `application.conf:12` for a dotted path, or for the nearest object around it; undefined when nothing set it. */
  originOf(path: string): string | undefined
}

export interface HoconSource {
  /** Text to read. Default: the content of `file`. */
  readonly text?: string | undefined
  /** Name for messages; files to include are looked for beside it. Default: `configuration` in the working directory. */
  readonly file?: string | undefined
  /** What `${NAME}` means when the text does not set it. */
  readonly environment: Readonly<Record<string, string | undefined>>
}

type Environment = HoconSource['environment']

const MAX_BYTES = 1024 * 1024
const MAX_INCLUDED_FILES = 64
/** A chain of references takes a pass for each of its links that is written before what it refers to. */
const MAX_PASSES = 100
/** What values may grow to: copies of objects are fine, doubling with every pass is not. */
const MAX_CHARACTERS = { base: 64 * 1024, perToken: 100 }

/**
 * Reads HOCON as the reference implementation does (Lightbend config 1.4), through `@pushcorn/hocon-parser`.
 *
 * Refused on purpose: including anything but local files, keys such as `__proto__` or `constructor`, more than 1 MiB
 * (included files counted), more than 64 levels. Files to include are looked for beside the file that names them.
 *
 * @throws {ConfigError} With file and line.
 * @see https://github.com/lightbend/config/blob/main/HOCON.md
 */
export async function parseHocon(source: HoconSource): Promise<HoconDocument> {
  const file = source.file ?? 'configuration'
  const files = new HoconFiles(file)
  const scanner = new HoconScanner((statement, name) => files.open(statement, name))
  scanner.scanFile(files.tokens(source.text ?? readText(file), file), [])
  const values = await resolveTokens(scanner.tokens, file, source.environment)
  return {
    values,
    originOf: (path) => findOrigin(path, scanner.assignments, isSetIn(values, source.environment)),
  }
}

/** Reads files, within limits. */
class HoconFiles {
  private readonly chain: string[]
  private bytes = 0
  private count = 0

  constructor(file: string) {
    this.chain = [resolve(file)]
  }

  tokens(text: string, file: string): readonly HoconToken[] {
    this.bytes += Buffer.byteLength(text)
    if (this.bytes > MAX_BYTES) throw unreadable(file, 'is larger than 1 MiB')
    return readTokens(text, file)
  }

  open(
    statement: HoconToken,
    name: string,
  ): { tokens: readonly HoconToken[]; done: () => void } | undefined {
    const file = findIncluded(resolve(dirname(statement.file), name), statement)
    if (file === undefined) return undefined
    if (this.chain.includes(file)) failAt(statement, 'the file includes itself')
    if (++this.count > MAX_INCLUDED_FILES)
      failAt(statement, `more than ${MAX_INCLUDED_FILES} files`)
    this.chain.push(file)
    const shown = join(dirname(statement.file), dirname(name), basename(file))
    return { tokens: this.tokens(readText(file), shown), done: () => void this.chain.pop() }
  }
}

/** A name without extension means `.conf` or `.json`. */
function findIncluded(path: string, statement: HoconToken): string | undefined {
  if (extname(path) === '.properties')
    failAt(statement, 'only .conf and .json files can be included')
  const candidates = extname(path) === '' ? [path, `${path}.conf`, `${path}.json`] : [path]
  return candidates.find((candidate) => existsSync(candidate) && statSync(candidate).isFile())
}

function readText(file: string): string {
  try {
    if (statSync(file).size > MAX_BYTES) throw unreadable(file, 'is larger than 1 MiB')
    return decode(readFileSync(file), file)
  } catch (thrown) {
    if (thrown instanceof ConfigError) throw thrown
    const { code = 'unknown reason' } = thrown as NodeJS.ErrnoException
    throw unreadable(file, `cannot be read (${code === 'ENOENT' ? 'there is no such file' : code})`)
  }
}

function decode(bytes: Buffer, file: string): string {
  const text = decodeFile(bytes)
  if (typeof text === 'string') return text
  const { line, problem } = text
  throw unreadable(line === undefined ? file : `${file}:${line}`, problem)
}

function unreadable(file: string, problem: string): ConfigError {
  return new ConfigError([{ key: '', origin: file, problem }])
}

/** The library's context, closed to the outside: no files, no URLs, no process environment. */
class ClosedContext extends Context {
  constructor(environment: Environment) {
    // Without a prototype, so that ${toString} finds nothing.
    super({
      strict: true,
      env: false,
      scope: Object.assign(Object.create(null), environment) as object,
    })
  }

  override createContext(): never {
    throw new Error('inclusions are resolved before')
  }

  override parseData(text: string): unknown {
    return typeof text === 'string' ? typedText(text) : text
  }
}

/** The library resolves again and again while values change; with references in a circle they may never settle. */
class BoundedRoot extends getClass('nodes.ObjectNode') {
  maxCharacters = 0
  private passes = 0

  override checkUpdated(): boolean {
    if (
      ++this.passes > MAX_PASSES ||
      countCharacters(this.$.scope, this.maxCharacters) > this.maxCharacters
    ) {
      throw new Error('values refer to each other in a circle')
    }
    return super.checkUpdated()
  }
}

/** About as many characters as the value has as JSON; stops counting when it is too many. */
function countCharacters(value: unknown, limit: number): number {
  if (typeof value !== 'object' || value === null) return String(value).length
  let sum = 2
  for (const [name, item] of Object.entries(value)) {
    if (sum > limit) break
    sum += name.length + countCharacters(item, limit - sum)
  }
  return sum
}

async function resolveTokens(
  tokens: readonly HoconToken[],
  file: string,
  environment: Environment,
): Promise<Record<string, Json>> {
  try {
    const root = new ClosedContext(environment).createNode(BoundedRoot)
    root.maxCharacters = MAX_CHARACTERS.base + MAX_CHARACTERS.perToken * tokens.length
    root.append(...tokens)
    return (await root.resolve()) as Record<string, Json>
  } catch (thrown) {
    throw explain(file, thrown)
  }
}

function isSetIn(values: HoconDocument['values'], environment: Environment) {
  return (path: readonly string[]): boolean =>
    environment[path.join('.')] !== undefined || findValue(values, path) !== undefined
}

function findValue(values: HoconDocument['values'], path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>(
    (value, name) => (isObject(value) ? value[name] : undefined),
    values,
  )
}

function isObject(value: Json | undefined): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function findOrigin(
  path: string,
  assignments: ReadonlyMap<string, readonly Assignment[]>,
  isSet: (path: readonly string[]) => boolean,
): string | undefined {
  const effective = assignments.get(path)?.findLast(({ onlyIf }) => !onlyIf || isSet(onlyIf))
  if (effective) return effective.origin
  const dot = path.lastIndexOf('.')
  return dot === -1 ? undefined : findOrigin(path.slice(0, dot), assignments, isSet)
}
