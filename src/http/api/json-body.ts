import type { Json } from '../../apps/settings'
import { requestInvalid } from '../../errors'

/** Deep enough for any setting; far from what recursion takes. */
const MAX_DEPTH = 32
const [QUOTE, BACKSLASH] = Buffer.from('"\\')
const OPENING: ReadonlySet<number | undefined> = new Set(Buffer.from('[{'))
const CLOSING: ReadonlySet<number | undefined> = new Set(Buffer.from(']}'))

/**
 * Reads a body that must be a JSON object.
 *
 * @throws {AmazonAuthError} `request_invalid`
 */
export function parseJsonBody(bytes: Buffer): Readonly<Record<string, Json>> {
  requireShallowJson(bytes)
  const value = parse(bytes.toString('utf8'))
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw requestInvalid('The body must be a JSON object, e.g. {"value": 1}.')
  }
  return value as Readonly<Record<string, Json>>
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    throw requestInvalid('The body is not valid JSON.')
  }
}

/**
 * Refuses JSON that is nested too deep for what works through it recursively. Goes level by level itself.
 *
 * @throws {AmazonAuthError} `request_invalid`
 */
export function requireShallow(value: unknown): void {
  let level = [value]
  for (let depth = 0; depth < MAX_DEPTH; depth += 1) {
    level = level.filter(isNested).flatMap((nested) => Object.values(nested) as unknown[])
  }
  if (level.some(isNested)) throw tooDeep()
}

/**
 * As {@link requireShallow}, for JSON that is not parsed yet: a megabyte of brackets alone would keep `JSON.parse` busy
 * for 60 ms. What is no JSON may pass; it fails when it is parsed.
 */
function requireShallowJson(bytes: Buffer): void {
  let depth = 0
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at]
    if (byte === QUOTE) at = endOfString(bytes, at)
    else if (OPENING.has(byte)) depth += 1
    else if (CLOSING.has(byte)) depth -= 1
    if (depth > MAX_DEPTH) throw tooDeep()
  }
}

/** Index of the quote that ends the string that begins at `start`; the length of the text when none does. */
function endOfString(bytes: Buffer, start: number): number {
  let at = start + 1
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1
  return at
}

function isNested(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function tooDeep(): Error {
  return requestInvalid(`The body is nested deeper than ${MAX_DEPTH} levels.`)
}
