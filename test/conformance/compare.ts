import { isDeepStrictEqual } from 'node:util'

/**
 * Compares what came with what was expected: a pattern with text, an object with the members it names, undefined with
 * what is not there, anything else as it is.
 *
 * @returns One sentence for each difference.
 */
export function compare(expected: unknown, actual: unknown, place = ''): readonly string[] {
  if (expected instanceof RegExp) {
    return typeof actual === 'string' && expected.test(actual)
      ? []
      : [tell(expected, actual, place)]
  }
  if (isMembers(expected) && isMembers(actual)) {
    return Object.entries(expected).flatMap(([name, member]) =>
      compare(member, actual[name], place === '' ? name : `${place}.${name}`),
    )
  }
  return isDeepStrictEqual(expected, actual) ? [] : [tell(expected, actual, place)]
}

function isMembers(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function tell(expected: unknown, actual: unknown, place: string): string {
  return `${place}: expected ${show(expected)}, came ${show(actual)}`
}

function show(value: unknown): string {
  if (value === undefined) return 'nothing'
  return value instanceof RegExp ? String(value) : JSON.stringify(value)
}
