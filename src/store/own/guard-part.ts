import { AmazonAuthError } from '../../errors'
import { UserIdTakenError } from '../../users/user'

type Method = (...args: readonly unknown[]) => unknown

/**
 * The methods of a part as the rest of the package expects them: whatever they throw, and no answer in time, is
 * `store_unavailable`. They keep their `this`.
 */
export function guardPart<Part extends object>(
  name: string,
  part: Part,
  methods: readonly (keyof Part)[],
  timeoutMs: number,
): Part {
  const guarded = methods.map((method) => {
    const call = part[method] as Method
    const place = `${name}.${String(method)}`
    return [method, (...args: unknown[]) => guard(place, () => call.apply(part, args), timeoutMs)]
  })
  return Object.fromEntries(guarded) as Part
}

/** @throws {AmazonAuthError} `store_unavailable`, and whatever of ours it throws. */
export async function guard<T>(
  place: string,
  work: () => T | Promise<T>,
  timeoutMs: number,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(unavailable(place, new Error(lateText(timeoutMs)))), timeoutMs)
  })
  try {
    return await Promise.race([work(), late])
  } catch (thrown) {
    throw isOurs(thrown) ? thrown : unavailable(place, thrown)
  } finally {
    clearTimeout(timer)
  }
}

function unavailable(method: string, cause: unknown): AmazonAuthError {
  return new AmazonAuthError('store_unavailable', { method }, cause)
}

function lateText(timeoutMs: number): string {
  return `no answer within ${timeoutMs} ms`
}

function isOurs(thrown: unknown): boolean {
  return thrown instanceof AmazonAuthError || thrown instanceof UserIdTakenError
}
