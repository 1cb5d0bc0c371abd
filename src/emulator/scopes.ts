/** The scopes a customer can grant, in the words of the consent page. */
const SCOPES: ReadonlyMap<string, string> = new Map([
  ['profile', 'your account id, name and e-mail address'],
  ['profile:user_id', 'your account id'],
  ['postal_code', 'your postal code'],
])

export function describeScope(name: string): string {
  return SCOPES.get(name) ?? name
}

/** Whether every scope of a space-separated list is known. */
export function isKnownScope(scope: string): boolean {
  return scope.split(' ').every((name) => SCOPES.has(name))
}
