import type { UserColumn } from '../../../pages/admin/users/users-page'
import type { User } from '../../../users/user'
import type { UserAdmin } from '../../../users/user-admin'
import { AmazonAuthError } from '../../../errors'

/** Which users are shown, as the address has it. */
export interface ListWanted {
  readonly search: string
  readonly sort: UserColumn
  readonly descending: boolean
  /** Id of the user whom the page begins behind, or ends before. */
  readonly after: string | undefined
  readonly before: string | undefined
  /** Of a search, counted from 1. */
  readonly page: number
}

export interface UserList {
  readonly users: readonly User[]
  readonly total: number
  readonly hasPrevious: boolean
  readonly hasNext: boolean
  /** It begins anew, as the place to go on from is gone. */
  readonly isPlaceGone: boolean
}

export const PAGE_USERS = 50
/** A list finds so many by each of name, email and identifier: from here on there may be more. */
export const FOUND_AT_MOST = 1_000
const MAX_SEARCH = 256
const MAX_ID = 64
const MAX_PAGE = 1_000
const COLUMNS: readonly UserColumn[] = ['name', 'email', 'id', 'timestamp', 'updated']

/** What is asked for; what cannot be understood is as if it were not there. */
export function readListQuery(query: URLSearchParams): ListWanted {
  const sort = COLUMNS.find((column) => column === query.get('sort')) ?? 'timestamp'
  const page = Number(query.get('page') ?? 1)
  return {
    search: (query.get('q') ?? '').trim().slice(0, MAX_SEARCH),
    sort,
    descending: query.get('desc') === null ? sort === 'timestamp' : query.get('desc') === '1',
    after: idOf(query.get('after')),
    before: idOf(query.get('before')),
    page: Number.isInteger(page) && page > 0 ? Math.min(page, MAX_PAGE) : 1,
  }
}

function idOf(text: string | null): string | undefined {
  return text === null || text === '' ? undefined : text.slice(0, MAX_ID)
}

/**
 * A page of users: of all from a user on, so that no page is dearer than another; of a search by number.
 *
 * @throws {AmazonAuthError} `store_unavailable`
 */
export async function findUsers(
  appId: string,
  wanted: ListWanted,
  admin: UserAdmin,
): Promise<UserList> {
  if (wanted.search !== '') return findMatching(appId, wanted, admin)
  try {
    return await pageFrom(appId, wanted, admin)
  } catch (error) {
    if (!(error instanceof AmazonAuthError) || error.code !== 'not_found') throw error
    const first = await pageFrom(appId, { ...wanted, after: undefined, before: undefined }, admin)
    return { ...first, isPlaceGone: true }
  }
}

async function findMatching(
  appId: string,
  { search, sort, descending, page }: ListWanted,
  admin: UserAdmin,
): Promise<UserList> {
  const offset = (page - 1) * PAGE_USERS
  const { users, total } = await admin.list(appId, {
    ...{ offset, limit: PAGE_USERS, sort, descending, search },
  })
  const hasNext = offset + PAGE_USERS < total
  return { users, total, hasPrevious: page > 1, hasNext, isPlaceGone: false }
}

async function pageFrom(
  appId: string,
  { sort, descending, after, before }: ListWanted,
  admin: UserAdmin,
): Promise<UserList> {
  const isBack = after === undefined && before !== undefined
  const { users, total } = await admin.list(appId, {
    offset: 0,
    limit: PAGE_USERS + 1,
    sort,
    // Back from a user is on from them in the other order.
    descending: isBack ? !descending : descending,
    afterId: after ?? before,
  })
  const shown = users.slice(0, PAGE_USERS)
  const isMore = users.length > PAGE_USERS
  return isBack
    ? { users: shown.reverse(), total, hasPrevious: isMore, hasNext: true, isPlaceGone: false }
    : { users: shown, total, hasPrevious: after !== undefined, hasNext: isMore, isPlaceGone: false }
}
