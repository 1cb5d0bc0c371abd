import { AmazonAuthError } from '../../errors'

/** Deep enough for any setting; far from what recursion takes. */
const MAX_DEPTH = 32

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
  if (!level.some(isNested)) return
  const problem = `The body is nested deeper than ${MAX_DEPTH} levels.`
  throw new AmazonAuthError('request_invalid', { problem })
}

function isNested(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
