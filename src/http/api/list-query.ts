import { requestInvalid } from '../../errors'
import type { Call } from './operation'
import { textOf } from './schemas'

/** Which page of a list is asked for. */
export interface PageQuery {
  /** Counted from 1; 0 is the first page too. */
  readonly page: number
  readonly limit: number
}

/** The parameters of a list. */
export const PAGE = {
  page: { type: 'integer', minimum: 0, maximum: 100_000, default: 0, description: 'From 1' },
  limit: { type: 'integer', minimum: 1, maximum: 100, default: 30 },
}

export function offsetOf({ page, limit }: PageQuery): number {
  return Math.max(0, page - 1) * limit
}

/** The parameter of a search. */
export const SEARCH = {
  q: {
    ...textOf(256),
    minLength: 0,
    default: '*',
    description:
      'What a name, an email or an identifier begins with, A to Z in either case; * finds all. Of each at most 1,000 are found.',
  },
}

/** What Para's query language has that a name, an address or an identifier (`az:…`) has not. */
const QUERY_LANGUAGE =
  /["*?~^\\[\]{}()]|&&|\|\||^[+!-]|(?:^|\s)(?:AND|OR|NOT)(?:\s|$)|(?:^|\s)(?:_?(?:id|type|name|email|identifier|groups|active|appid|timestamp|updated|picture)|properties(?:\.\w+)*):/

const PROBLEM =
  'A search here is by what a name, an email or an identifier begins with: send that as q, or q=* for all, to …/search or …/search/default. Of the query language of Para nothing else is known.'

/**
 * What is searched for.
 *
 * @returns Undefined: everything.
 * @throws {AmazonAuthError} `request_invalid`: it needs more of Para's search than there is here.
 */
export function readSearch({ path, query }: Call): string | undefined {
  const { kind = 'default' } = path
  const text = String(query.q).trim()
  if (kind !== 'default') throw requestInvalid(PROBLEM)
  if (text === '' || text === '*') return undefined
  const prefix = text.replace(/\*$/, '')
  if (QUERY_LANGUAGE.test(prefix)) throw requestInvalid(PROBLEM)
  return prefix
}
