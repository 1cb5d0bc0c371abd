import type { Json } from '../../apps/settings'
import { AmazonAuthError } from '../../errors'

/** Deep enough for any setting; far from what recursion takes. */
const MAX_DEPTH = 32

/**
 * Reads a body that must be a JSON object.
 *
 * @throws {AmazonAuthError} `request_invalid`
 */
export function parseJsonBody(bytes: Buffer): Readonly<Record<string, Json>> {
  const text = bytes.toString('utf8')
  if (depthOf(text) > MAX_DEPTH)
    throw invalid(`The body is nested deeper than ${MAX_DEPTH} levels.`)
  const value = parse(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid('The body must be a JSON object, e.g. {"value": 1}.')
  }
  return value as Readonly<Record<string, Json>>
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    throw invalid('The body is not valid JSON.')
  }
}

/** How deep objects and arrays are nested; brackets in texts count too little or too much only in broken JSON. */
function depthOf(text: string): number {
  let depth = 0
  let deepest = 0
  for (const [sign] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/gs)) {
    if (sign === '[' || sign === '{') deepest = Math.max(deepest, ++depth)
    else if (sign === ']' || sign === '}') depth -= 1
  }
  return deepest
}

function invalid(problem: string): AmazonAuthError {
  return new AmazonAuthError('request_invalid', { problem })
}
