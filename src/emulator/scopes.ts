/** The scopes a customer can grant, in the words of the consent page. */
const SCOPES: ReadonlyMap<string, string> = new Map([
  ['profile', 'your account id, name and e-mail address'],
  ['profile:user_id', 'your account id'],
  ['postal_code', 'your postal code'],
])

export function describeScope(name: string): string {
  return SCOPES.get(name) ?? name
}

/** Which scopes a request for consent asks for, and which of them a person may leave out. */
export interface AskedScopes {
  readonly all: readonly string[]
  readonly voluntary: readonly string[]
}

/**
 * Reads `scope_data`: `{"profile":{"essential":true},"postal_code":{"essential":false}}`. What it does not name is essential.
 *
 * @returns Undefined: it is no such object, or names a scope that is not asked for.
 * @see https://developer.amazon.com/docs/login-with-amazon/requesting-scopes-as-essential-voluntary.html
 */
export function parseScopeData(scope: string, scopeData: string | null): AskedScopes | undefined {
  const all = scope.split(' ')
  if (scopeData === null) return { all, voluntary: [] }
  const marks = parseMarks(scopeData)
  if (marks === undefined || !Object.keys(marks).every((name) => all.includes(name))) {
    return undefined
  }
  return { all, voluntary: all.filter((name) => marks[name]?.essential === false) }
}

function parseMarks(text: string): Readonly<Record<string, { essential: boolean }>> | undefined {
  try {
    const marks: unknown = JSON.parse(text)
    if (typeof marks !== 'object' || marks === null || Array.isArray(marks)) return undefined
    const isMark = (mark: unknown): boolean =>
      typeof mark === 'object' &&
      mark !== null &&
      'essential' in mark &&
      typeof mark.essential === 'boolean'
    return Object.values(marks).every(isMark)
      ? (marks as Record<string, { essential: boolean }>)
      : undefined
  } catch {
    return undefined
  }
}

/** Whether every scope of a space-separated list is known. */
export function isKnownScope(scope: string): boolean {
  return scope.split(' ').every((name) => SCOPES.has(name))
}
