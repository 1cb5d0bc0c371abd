/** `azAppId` for `az_app_id`. */
export function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase())
}

/** `az_app_id` for `azAppId` and `AZ_APP_ID`. */
export function snakeCase(name: string): string {
  return name
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replaceAll('-', '_')
    .toLowerCase()
}

/** What holds others: `security` for `security.strict`; and nothing, which holds all. */
export function groupsOf(names: Iterable<string>): ReadonlySet<string> {
  return new Set(Array.from(names, (name) => name.split('.').slice(0, -1).join('.')))
}

/** Entries of a table written in camelCase, and groups of them. */
export interface Table<Entry> {
  readonly [name: string]: Entry | Table<Entry>
}

/** Each entry by its name on the wire, `security.link_by_email`, with its `path` in the table: `security.linkByEmail`. */
export function byWireName<Entry extends { readonly reads: unknown }>(
  table: Table<Entry>,
): ReadonlyMap<string, Entry & { readonly path: string }> {
  const leaves = (group: Table<Entry>, prefix: string): readonly (Entry & { path: string })[] =>
    Object.entries(group).flatMap(([name, held]) =>
      isEntry(held) ? [{ ...held, path: prefix + name }] : leaves(held, `${prefix}${name}.`),
    )
  return new Map(leaves(table, '').map((entry) => [snakeCase(entry.path), entry]))
}

function isEntry<Entry extends { readonly reads: unknown }>(
  held: Entry | Table<Entry>,
): held is Entry {
  return 'reads' in held
}
