import { AmazonAuthError } from '../../errors'

/**
 * What the hook `mapProfile` has returned cannot be used. The log is told what it is, not what it holds.
 *
 * @param field Its name, e.g. `profile.tier`.
 * @param allowed A sentence on what it may be.
 */
export function unusable(field: string, value: unknown, allowed: string): AmazonAuthError {
  const is = kindOf(value)
  const advice = `The hook mapProfile returned what cannot be used: ${field} is ${is}. ${allowed}`
  return new AmazonAuthError('hook_failed', { hook: 'mapProfile', field, is, advice })
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'string') return `text of ${value.length} characters`
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
