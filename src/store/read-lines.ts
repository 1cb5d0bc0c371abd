import { TextDecoder } from 'node:util'

/** What is read is no text of lines, for a reason that the message tells. */
export class TextError extends Error {
  override readonly name = 'TextError'
}

/** A store takes settings of 1 MiB; JSON may write each byte of it as six. */
const MAX_CHARACTERS = 16 * 1024 * 1024

/**
 * The lines of an UTF-8 text, a chunk of it in memory at a time. The last one needs no end. Only a line feed ends a line:
 * Node's readline takes U+2028 for an end too, which JSON leaves as it is.
 *
 * @throws {TextError} It is not UTF-8, or a line is longer than 16 MiB.
 */
export async function* readLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let rest = ''
  for await (const chunk of bytes) {
    const lines = (rest + decode(decoder, chunk)).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > MAX_CHARACTERS) throw new TextError('the line is longer than 16 MiB')
    yield* lines
  }
  rest += decode(decoder)
  if (rest !== '') yield rest
}

function decode(decoder: TextDecoder, chunk?: Uint8Array): string {
  try {
    return decoder.decode(chunk, { stream: chunk !== undefined })
  } catch {
    throw new TextError('it is not text in UTF-8, or was cut off in the middle of a character')
  }
}
