import { sql } from 'kysely'

/** Ids as parameters of a query that is built once for the most there may be: no user has an empty id. */
export type IdParams = Readonly<Record<`id${number}`, string>>

export function idParams(ids: readonly string[], most: number): IdParams {
  if (ids.length > most) throw new RangeError(`${ids.length} ids, where ${most} may be`)
  return Object.fromEntries(Array.from({ length: most }, (_none, at) => [`id${at}`, ids[at] ?? '']))
}

/** Those ids as rows of SQL, of one column; what there is no id for is empty. */
export function idRows(params: IdParams, most: number) {
  return Array.from({ length: most }, (_none, at) => sql`(${params[`id${at}`]})`)
}

/**
 * Whether a row of `users` is one of those of an app. The app stands beside each id: where it is a condition of its own, the plan that
 * PostgreSQL keeps is made for an app of middling size, reads all users of the app, and is then run for the greatest.
 */
export function isOneOf(params: IdParams & { readonly appId: string }, most: number) {
  const rows = Array.from(
    { length: most },
    (_none, at) => sql`(${params.appId}, ${params[`id${at}`]})`,
  )
  return sql<boolean>`(users.app_id, users.id) in (values ${sql.join(rows)})`
}
