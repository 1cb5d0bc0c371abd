import { sql } from 'kysely'

/** Ids as parameters of a query that is built once for the most there may be: no user has an empty id. */
export type IdParams = Readonly<Record<`id${number}`, string>>

export function idParams(ids: readonly string[], most: number): IdParams {
  if (ids.length > most) throw new RangeError(`${ids.length} ids, where ${most} may be`)
  return Object.fromEntries(Array.from({ length: most }, (_none, at) => [`id${at}`, ids[at] ?? '']))
}

/** Those ids as a list of SQL. */
export function idList(params: IdParams, most: number) {
  return sql.join(Array.from({ length: most }, (_none, at) => sql`${params[`id${at}`]}`))
}
