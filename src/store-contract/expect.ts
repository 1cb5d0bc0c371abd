import { AssertionError } from 'node:assert'
import { findDifference, type Scope } from './difference'

/** Says what must be of a value, in the words of test runners, without one. */
export interface Expectation {
  toEqual(expected: unknown): void
  /** What it does not name may be anything. */
  toMatchObject(expected: unknown): void
  toBe(expected: unknown): void
  toBeUndefined(): void
  toHaveLength(length: number): void
}

/**
 * @param mistake What is wrong with a store of which it is not so. Default: the difference says it.
 * @throws {AssertionError} From the expectation, when it is not so.
 */
export function expect(actual: unknown, mistake?: string): Expectation {
  function compare(expected: unknown, scope: Scope): void {
    const difference = findDifference(actual, expected, scope)
    if (difference === undefined) return
    fail(mistake === undefined ? difference : `${mistake}: ${difference}`, actual, expected)
  }
  return {
    toEqual: (expected) => compare(expected, 'whole'),
    toMatchObject: (expected) => compare(expected, 'named'),
    toBe: (expected) => compare(expected, 'whole'),
    toBeUndefined: () => compare(undefined, 'whole'),
    toHaveLength(length) {
      const held = (actual as { length?: unknown } | undefined)?.length
      if (held === length) return
      fail(
        `${mistake === undefined ? '' : `${mistake}: `}${String(held)} items, where ${length} are due`,
        actual,
      )
    },
  }
}

/** @throws {AssertionError} It is not true. */
export function ensure(isSo: boolean, mistake: string): asserts isSo {
  if (!isSo) fail(mistake, isSo, true)
}

/**
 * Waits for a call to be refused.
 *
 * @param isRight Tells the error that is due from others.
 * @throws {AssertionError} It is not refused, or for another reason.
 */
export async function expectRefusal(
  call: Promise<unknown>,
  isRight: (thrown: unknown) => boolean,
  due: string,
): Promise<void> {
  const outcome = await call.then(
    (value) => ({ value }),
    (thrown: unknown) => ({ thrown }),
  )
  if ('value' in outcome) fail(`the call is done, where ${due} is due`, outcome.value)
  if (!isRight(outcome.thrown)) {
    fail(`it throws ${String(outcome.thrown)}, where ${due} is due`, outcome.thrown)
  }
}

function fail(message: string, actual?: unknown, expected?: unknown): never {
  throw new AssertionError({ message, actual, expected, operator: 'deepStrictEqual' })
}
