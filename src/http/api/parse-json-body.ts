import type { Json } from '../../apps/settings'
import { AmazonAuthError } from '../../errors'
import { requireShallowJson } from './require-shallow'

/**
 * Reads a body that must be a JSON object.
 *
 * @throws {AmazonAuthError} `request_invalid`
 */
export function parseJsonBody(bytes: Buffer): Readonly<Record<string, Json>> {
  requireShallowJson(bytes)
  const value = parse(bytes.toString('utf8'))
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

function invalid(problem: string): AmazonAuthError {
  return new AmazonAuthError('request_invalid', { problem })
}
