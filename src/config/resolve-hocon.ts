import type { Json } from '../apps/settings'
import { ConfigError } from './config-error'
import type { HoconField, HoconPart, HoconValue } from './hocon-syntax'

type JsonObject = Readonly<Record<string, Json>>
type Environment = Readonly<Record<string, string | undefined>>

export interface ResolvedHocon {
  readonly values: JsonObject
  /** Where each key was set that counts, by its names joined by dots. Parts of a copied object have none. */
  readonly origins: ReadonlyMap<string, string>
}

/** References that follow each other. */
const MAX_REFERENCES = 250
/** What values may grow to: copies of objects are fine, doubling with every reference is not. */
const MAX_CHARACTERS = 1024 * 1024

/**
 * Joins the fields of a text and looks up what they refer to: in the text, else in the environment.
 *
 * @throws {ConfigError} With file and line, and nothing of a value.
 * @see https://github.com/lightbend/config/blob/main/HOCON.md
 */
export function resolveHocon(
  fields: readonly HoconField[],
  environment: Environment,
  file: string,
): ResolvedHocon {
  const root = new Slot([
    entryOf({ parts: [{ kind: 'object', fields }], isAppended: false, origin: file }),
  ])
  const resolver = new Resolver(root, environment)
  const values = resolver.valueOf(root) as JsonObject
  if (countCharacters(values, MAX_CHARACTERS) > MAX_CHARACTERS) fail(file, TOO_LARGE)
  const origins = new Map<string, string>()
  resolver.noteOrigins(root, '', origins)
  return { values, origins }
}

/** One of the values that are given to a key, one after the other. */
interface Entry extends HoconValue {
  /** Once it is known; undefined: it sets nothing. */
  known?: { readonly value: Json | undefined }
}

function entryOf(value: HoconValue, known?: Json): Entry {
  return known === undefined ? { ...value } : { ...value, known: { value: known } }
}

/** A key and all that is given to it. */
class Slot {
  /** Once it is known. */
  known: { readonly value: Json | undefined } | undefined
  isSought = false
  /** The entry that is being worked out, and how many references have led there. */
  current: { readonly index: number; readonly references: number } | undefined
  children: ReadonlyMap<string, Slot> | undefined

  /** @param all The key of which this is what it has had before. */
  constructor(
    readonly entries: readonly Entry[],
    readonly all?: Slot,
  ) {}
}

class Resolver {
  /** References that are being followed. */
  private references = 0
  /** Characters, items and fields that have been put together. */
  private made = 0

  constructor(
    private readonly root: Slot,
    private readonly environment: Environment,
  ) {}

  valueOf(slot: Slot): Json | undefined {
    if (slot.known !== undefined) return slot.known.value
    if (slot.isSought) fail(slot.entries.at(-1)?.origin, CIRCLE)
    slot.isSought = true
    slot.known = { value: this.join(slot) }
    return slot.known.value
  }

  noteOrigins(slot: Slot, path: string, origins: Map<string, string>): void {
    const last = slot.entries.findLastIndex(
      (entry, index) => isLiteral(entry) || this.valueOfEntry(slot, index) !== undefined,
    )
    const origin = slot.entries[last]?.origin
    if (origin !== undefined && path !== '') origins.set(path, origin)
    for (const [name, child] of slot.children ?? []) {
      this.noteOrigins(child, path === '' ? name : `${path}.${name}`, origins)
    }
  }

  /** A later value takes the place of an earlier one; objects are merged. */
  private join(slot: Slot): Json | undefined {
    const relevant = this.relevant(slot)
    let value: Json | undefined
    let isMerged = false
    for (const [index, entry] of relevant) {
      const next = isLiteral(entry) ? {} : this.valueOfEntry(slot, index)
      if (entry.isAppended) value = [...listOf(value, entry), ...(next === undefined ? [] : [next])]
      else if (next !== undefined) value = next
      isMerged = isObject(value)
    }
    const [first, ...more] = relevant
    if (!isMerged || (more.length === 0 && first && !isLiteral(first[1]))) return value
    const merged: Record<string, Json> = {}
    for (const [name, child] of this.childrenOf(slot)) {
      const item = this.valueOf(child)
      if (item !== undefined) merged[name] = item
    }
    return merged
  }

  private childrenOf(slot: Slot): ReadonlyMap<string, Slot> {
    if (slot.children !== undefined) return slot.children
    const entries = new Map<string, Entry[]>()
    const add = (name: string, entry: Entry) => {
      const earlier = entries.get(name)
      if (earlier === undefined) entries.set(name, [entry])
      else earlier.push(entry)
    }
    for (const [index, entry] of this.relevant(slot)) {
      const [literal] = entry.parts
      if (isLiteral(entry) && literal?.kind === 'object') {
        for (const { name, value } of literal.fields) add(name, entryOf(value))
        continue
      }
      const value = this.valueOfEntry(slot, index)
      if (value === undefined) continue
      if (!isObject(value) || entry.isAppended) entries.clear()
      else for (const [name, item] of Object.entries(value)) add(name, entryOf(entry, item))
    }
    slot.children = new Map(Array.from(entries, ([name, list]) => [name, new Slot(list)]))
    return slot.children
  }

  /** Those that count: what stands before a value that is no object is never looked at. */
  private relevant(slot: Slot): readonly (readonly [index: number, entry: Entry])[] {
    const all = Array.from(slot.entries.entries())
    const last = all.findLastIndex(([index, entry]) => {
      if (entry.isAppended || isLiteral(entry)) return false
      const value = this.valueOfEntry(slot, index)
      return value !== undefined && !isObject(value)
    })
    return all.slice(Math.max(last, 0))
  }

  private valueOfEntry(slot: Slot, index: number): Json | undefined {
    const entry = slot.entries[index]
    if (entry === undefined) return undefined
    if (entry.known !== undefined) return entry.known.value
    const { all = slot } = slot
    const outer = all.current
    if (outer?.index === index) fail(entry.origin, CIRCLE)
    all.current = { index, references: this.references }
    entry.known = { value: this.concatenate(entry) }
    all.current = outer
    return entry.known.value
  }

  private concatenate({ parts, origin }: Entry): Json | undefined {
    const isSingle = parts.length === 1
    const values = parts.map((part) => this.valueOfPart(part, isSingle, origin))
    if (isSingle) return values[0]
    const given = values.filter(
      (value, index) => value !== undefined && parts[index]?.kind !== 'space',
    )
    if (given.length === 0) return undefined
    this.made += given.reduce<number>((sum, value) => sum + sizeOf(value), 0)
    if (this.made > MAX_CHARACTERS) fail(origin, TOO_LARGE)
    if (given.every(isObject)) return given.reduce<Json | undefined>(merge, undefined)
    if (given.every(isList)) return given.flat()
    return values.map((value) => textOf(value) ?? fail(origin, MIXED)).join('')
  }

  private valueOfPart(part: HoconPart, isSingle: boolean, origin: string): Json | undefined {
    switch (part.kind) {
      case 'unquoted':
        return isSingle ? typedText(part.text) : part.text
      case 'reference':
        return this.follow(part.path, part.isOptional, origin)
      case 'object':
        return this.valueOf(new Slot([{ parts: [part], isAppended: false, origin }]))
      case 'list':
        return part.items.map((item) => this.concatenate(item)).filter((item) => item !== undefined)
      default:
        return part.text
    }
  }

  private follow(path: readonly string[], isOptional: boolean, origin: string): Json | undefined {
    const slot = this.find(path)
    if (this.references >= MAX_REFERENCES) fail(origin, CIRCLE)
    this.references += 1
    const value = slot && this.valueOf(slot)
    this.references -= 1
    if (value !== undefined) return value
    const name = path.join('.')
    if (Object.hasOwn(this.environment, name)) return this.environment[name]
    if (isOptional) return undefined
    return fail(origin, `\${${name}} is set neither in the file nor in the environment`)
  }

  private find(path: readonly string[]): Slot | undefined {
    let slot: Slot | undefined = this.root
    for (const name of path) slot = slot && this.childrenOf(this.before(slot)).get(name)
    return slot && this.before(slot)
  }

  /** Where a value refers to the key that it is given to, what that key had before is meant. */
  private before(slot: Slot): Slot {
    const { current } = slot
    if (current?.references !== this.references) return slot
    return new Slot(slot.entries.slice(0, current.index), slot)
  }
}

const CIRCLE = 'values refer to each other in a circle'
const MIXED = 'values of different kinds are joined'
const TOO_LARGE = 'values that are put together from each other grow too large'

function fail(origin = 'configuration', problem: string): never {
  throw new ConfigError([{ key: '', origin, problem }])
}

/** An object as it is written: its fields are keys, whatever else is given to them. */
function isLiteral({ parts, isAppended, known }: Entry): boolean {
  return known === undefined && !isAppended && parts.length === 1 && parts[0]?.kind === 'object'
}

function listOf(value: Json | undefined, { origin }: Entry): readonly Json[] {
  if (value === undefined) return []
  return isList(value) ? value : fail(origin, MIXED)
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value)
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !isList(value)
}

function sizeOf(value: Json | undefined): number {
  if (typeof value === 'string') return value.length
  return isList(value) ? value.length : isObject(value) ? Object.keys(value).length : 1
}

function textOf(value: Json | undefined): string | undefined {
  if (value === undefined) return ''
  return isObject(value) || isList(value) ? undefined : String(value)
}

function merge(first: Json | undefined, second: Json | undefined): Json | undefined {
  if (!isObject(first) || !isObject(second)) return second
  const merged: Record<string, Json> = { ...first }
  for (const [name, value] of Object.entries(second)) {
    merged[name] = merge(Object.hasOwn(first, name) ? first[name] : undefined, value) ?? null
  }
  return merged
}

/** A number as JSON writes it. */
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?$/

/** The value of unquoted text. A number that JavaScript cannot hold exactly (a long numeric id) stays text. */
function typedText(text: string): string | number | boolean | null {
  if (text === 'true' || text === 'false') return text === 'true'
  if (text === 'null') return null
  const number = NUMBER.test(text) ? Number(text) : Infinity
  return Math.abs(number) <= Number.MAX_SAFE_INTEGER ? number : text
}

/** About as many characters as the value has as JSON; stops counting when it is too many. */
function countCharacters(value: Json, limit: number): number {
  if (typeof value !== 'object' || value === null) return String(value).length
  let sum = 2
  for (const [name, item] of Object.entries<Json>(value as JsonObject)) {
    if (sum > limit) break
    sum += name.length + countCharacters(item, limit - sum)
  }
  return sum
}
