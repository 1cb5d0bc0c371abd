import type { Readable } from 'node:stream'

import { readLines, TextError } from '../store/read-lines'

/** An object of a file, or what stands where one should be. */
export type FoundObject =
  | { readonly where: string; readonly value: unknown; readonly problem?: undefined }
  | { readonly where: string; readonly problem: string }

/** A list in one piece lies in memory. A backup of Para has some dozen objects in each of its parts. */
const MAX_LIST_BYTES = 64 * 1024 * 1024
const MAX_BLANK_BYTES = 64 * 1024
const LIST_TOO_LARGE =
  'it is a list of more than 64 MiB in one piece: make it JSON lines, as `jq -c ".[]"` does'

/**
 * The objects of a text in UTF-8, which is either one JSON list, or JSON lines. Of lines one is in memory at a time, and one
 * that is not whole does not keep the rest.
 *
 * @param name For messages.
 */
export async function* readObjects(bytes: Readable, name: string): AsyncGenerator<FoundObject> {
  const chunks = bytes[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  try {
    const { begin, sign, blankBytes } = await readBegin(chunks)
    if (blankBytes > MAX_BLANK_BYTES) {
      yield { where: name, problem: 'it begins with more than 64 KiB of blanks' }
      return
    }
    const whole = behind(begin, chunks)
    if (sign === '[') yield* readList(whole, name)
    else yield* readJsonLines(whole, name)
  } finally {
    bytes.destroy()
  }
}

interface Begin {
  readonly begin: readonly Buffer[]
  /** The first byte that is no white space. */
  readonly sign: string | undefined
  readonly blankBytes: number
}

async function readBegin(chunks: AsyncIterator<Buffer>): Promise<Begin> {
  const begin: Buffer[] = []
  let blankBytes = 0
  while (blankBytes <= MAX_BLANK_BYTES) {
    const next = await chunks.next()
    if (next.done === true) break
    begin.push(next.value)
    const at = next.value.toString('latin1').search(NO_BLANK)
    if (at >= 0) {
      const sign = next.value.toString('latin1', at, at + 1)
      return { begin, sign, blankBytes: blankBytes + at }
    }
    blankBytes += next.value.length
  }
  return { begin, sign: undefined, blankBytes }
}

/** Latin-1, as all that counts is ASCII: the mark of a file's begin, of these three bytes, is passed over. */
const NO_BLANK = /[^\s\xef\xbb\xbf]/

async function* behind(
  begin: readonly Buffer[],
  rest: AsyncIterator<Buffer>,
): AsyncGenerator<Buffer> {
  yield* begin
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value
}

async function* readList(bytes: AsyncIterable<Buffer>, name: string): AsyncGenerator<FoundObject> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of bytes) {
    size += chunk.length
    if (size > MAX_LIST_BYTES) {
      yield { where: name, problem: LIST_TOO_LARGE }
      return
    }
    chunks.push(chunk)
  }
  const list = parseList(Buffer.concat(chunks))
  if (list === undefined) {
    yield { where: name, problem: 'it is not whole JSON: it was cut off or changed' }
    return
  }
  for (const [at, value] of list.entries()) yield { where: `${name}, object ${at + 1}`, value }
}

function parseList(bytes: Buffer): readonly unknown[] | undefined {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown[]
  } catch {
    return undefined
  }
}

async function* readJsonLines(
  bytes: AsyncIterable<Buffer>,
  name: string,
): AsyncGenerator<FoundObject> {
  let line = 0
  try {
    for await (const text of readLines(bytes)) {
      line += 1
      if (text.trim() !== '') yield { where: `${name}, line ${line}`, ...parseLine(text) }
    }
  } catch (thrown) {
    if (!(thrown instanceof TextError)) throw thrown
    yield { where: `${name}, line ${line + 1}`, problem: thrown.message }
  }
}

function parseLine(text: string): { readonly value: unknown } | { readonly problem: string } {
  try {
    return { value: JSON.parse(text) }
  } catch {
    // Its own message would show a piece of the line.
    return { problem: 'it is not whole JSON: one object stands on each line' }
  }
}
