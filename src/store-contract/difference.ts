import { inspect } from 'node:util'

/** How to compare: `whole`, or what the expected one names alone. */
export type Scope = 'whole' | 'named'

/**
 * The first difference between two values, as a sentence that says what is most likely wrong with the store. Properties
 * that are undefined are as good as absent. Undefined: there is none.
 */
export function findDifference(
  actual: unknown,
  expected: unknown,
  scope: Scope,
  place = 'it',
): string | undefined {
  if (Object.is(actual, expected)) return undefined
  if (expected instanceof Map && actual instanceof Map) {
    return findInEntries(toRecord(actual), toRecord(expected), 'whole', place)
  }
  if (Array.isArray(expected) && Array.isArray(actual)) {
    return findInList(actual, expected, scope, place)
  }
  if (isRecord(expected) && isRecord(actual)) return findInEntries(actual, expected, scope, place)
  return `${place} is ${show(actual)}, where ${show(expected)} is due${explain(actual, expected)}`
}

function findInList(
  actual: readonly unknown[],
  expected: readonly unknown[],
  scope: Scope,
  place: string,
): string | undefined {
  const at = expected.findIndex((each, index) => findDifference(actual[index], each, scope))
  if (actual.length !== expected.length) {
    return `${place} has ${actual.length} items, where ${expected.length} are due: ${show(actual)} for ${show(expected)}`
  }
  return at < 0 ? undefined : findDifference(actual[at], expected[at], scope, `${place}[${at}]`)
}

function findInEntries(
  actual: Readonly<Record<string, unknown>>,
  expected: Readonly<Record<string, unknown>>,
  scope: Scope,
  place: string,
): string | undefined {
  const more = scope === 'named' ? [] : Object.keys(actual)
  for (const name of new Set([...Object.keys(expected), ...more])) {
    const inside = place === 'it' ? name : `${place}.${name}`
    const [is, due] = [own(actual, name), own(expected, name)]
    const found = findDifference(is, due, scope, inside)
    if (found !== undefined) return found
  }
  return undefined
}

function toRecord(map: ReadonlyMap<unknown, unknown>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(map) as Record<string, unknown>
}

function own(record: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(record, name) ? record[name] : undefined
}

/** What such a difference comes from, as far as it has been seen in stores of other packages. */
function explain(actual: unknown, expected: unknown): string {
  const why = reasons.find(([fits]) => fits(actual, expected))?.[1]
  return why === undefined ? '' : ` (${why})`
}

type Fits = (actual: unknown, expected: unknown) => boolean
const isText = (value: unknown): value is string => typeof value === 'string'

const reasons: readonly (readonly [Fits, string])[] = [
  [
    (actual, expected) => actual === null && expected === undefined,
    'what is not there must be undefined, not null',
  ],
  [(actual) => actual === 'null' || actual === 'undefined', 'it was made a text on its way'],
  [
    (actual, expected) => actual instanceof Date && typeof expected === 'number',
    'times are milliseconds as numbers, not Dates',
  ],
  [
    (actual, expected) => isText(actual) && typeof expected === 'number',
    'a number came back as text: drivers do so with 64-bit columns and decimals; times are milliseconds as numbers',
  ],
  [
    (actual, expected) => typeof actual === 'number' && isText(expected),
    'a text of digits came back as a number: ids are texts',
  ],
  [
    (actual, expected) => typeof actual === 'bigint' && typeof expected === 'number',
    'numbers must not be bigints',
  ],
  [
    (actual, expected) => typeof expected === 'boolean' && (actual === 0 || actual === 1),
    'flags must be true and false',
  ],
  [
    (actual, expected) => isText(actual) && isText(expected) && isOtherCase(actual, expected),
    'its case has changed: texts come back to the letter',
  ],
  [
    (actual, expected) =>
      isText(actual) && isText(expected) && actual !== '' && expected.startsWith(actual),
    'it was cut off: the column is too short',
  ],
  [
    (actual, expected) => isText(actual) && isText(expected) && actual.trim() === expected.trim(),
    'white space was trimmed',
  ],
  [
    (actual, expected) =>
      isText(actual) && isText(expected) && actual.normalize() === expected.normalize(),
    'Unicode was normalised',
  ],
  [
    (actual, expected) => isText(actual) && isText(expected) && /\?|\ufffd/.test(actual),
    'characters were lost: the column does not take all of Unicode',
  ],
  [
    (actual, expected) =>
      typeof actual === 'number' && typeof expected === 'number' && actual === expected / 1000,
    'times are milliseconds, not seconds',
  ],
]

function isOtherCase(actual: string, expected: string): boolean {
  return actual.toLowerCase() === expected.toLowerCase()
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !isLeaf(value)
}

function isLeaf(value: object): boolean {
  return value instanceof Date || value instanceof Map || Array.isArray(value)
}

function show(value: unknown): string {
  return inspect(value, { breakLength: Infinity, depth: 4, maxStringLength: 60 })
}
