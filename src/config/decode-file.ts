import { isUtf8 } from 'node:buffer'

/** Why the bytes of a file are no text that can be read. A sentence without a subject. */
export interface EncodingProblem {
  /** Where it shows first, if that is known. */
  readonly line?: number
  readonly problem: string
}

const SAVE_AS = 'save it as UTF-8'
const NEW_LINE = 0x0a

/** Byte order marks, and the encoding that each begins. */
const MARKS: readonly (readonly [bytes: readonly number[], encoding: string])[] = [
  [[0xff, 0xfe, 0, 0], 'UTF-32 (little-endian)'],
  [[0, 0, 0xfe, 0xff], 'UTF-32 (big-endian)'],
  [[0xff, 0xfe], 'UTF-16 (little-endian)'],
  [[0xfe, 0xff], 'UTF-16 (big-endian)'],
]

/** The text of a file in UTF-8, with a byte order mark or without; or what it is instead, and what to do. */
export function decodeFile(bytes: Buffer): string | EncodingProblem {
  const encoding = encodingByMark(bytes) ?? encodingByNuls(bytes)
  if (encoding !== undefined) return { problem: `is in ${encoding}: ${SAVE_AS}` }
  if (isUtf8(bytes)) return new TextDecoder().decode(bytes)
  return {
    line: firstOddLine(bytes),
    problem: `is not in UTF-8 but, as it seems, in Latin-1 or Windows-1252: ${SAVE_AS}`,
  }
}

function encodingByMark(bytes: Buffer): string | undefined {
  return MARKS.find(([mark]) => mark.every((byte, index) => bytes[index] === byte))?.[1]
}

/** No configuration holds a NUL; in UTF-16 every ASCII character has one beside it. */
function encodingByNuls(bytes: Buffer): string | undefined {
  const first = bytes.indexOf(0)
  if (first === -1) return undefined
  return first % 2 === 1 ? 'UTF-16 (little-endian)' : 'UTF-16 (big-endian)'
}

function firstOddLine(bytes: Buffer): number {
  let line = 1
  for (let start = 0; start < bytes.length; line += 1) {
    const end = bytes.indexOf(NEW_LINE, start)
    if (end === -1 || !isUtf8(bytes.subarray(start, end))) break
    start = end + 1
  }
  return line
}
