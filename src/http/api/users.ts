import { toUserJson } from '../../users/user-json'
import type { UserPatch } from '../../users/user-admin'
import type { UserSortKey } from '../../users/user'
import { callingApp } from './caller-of'
import type { Call, Operation, Reply } from './operation'
import { idOf, OF_USER, UNKNOWN_USER } from './one-user'
import { offsetOf, PAGE, readSearch, SEARCH, type PageQuery } from './list-query'
import { pageOf, ref, textOf } from './schemas'

const SORT_KEYS = ['timestamp', 'updated', 'name', 'email', 'id'] as const satisfies UserSortKey[]

const ONE_USER = { path: '/users/{id}', alsoAt: ['/user/{id}'], ...OF_USER } as const

const PAGE_OF_USERS = {
  ...PAGE,
  sort: { type: 'string', enum: SORT_KEYS, default: 'timestamp' },
  desc: { type: 'boolean', default: true, description: 'Greatest or latest first' },
  lastKey: {
    type: 'string',
    description: 'Begin behind this user: the lastKey of the page before',
  },
}

/** Users of the calling app: `/users`. */
export const USER_OPERATIONS: readonly Operation[] = [
  {
    id: 'listUsers',
    method: 'GET',
    path: '/users',
    alsoAt: ['/user'],
    summary: "The app's users, a page at a time",
    access: 'app',
    isManagement: true,
    query: PAGE_OF_USERS,
    answers: { 200: { description: 'A page of users', schema: pageOf('User') } },
    example: { query: { page: '1', limit: '20' } },
    handle: (call) => list(call, undefined),
  },
  {
    id: 'searchUsers',
    method: 'GET',
    path: '/users/search',
    alsoAt: ['/users/search/{kind}', '/user/search', '/user/search/{kind}'],
    summary: "The app's users whose name, email or identifier begins with a text",
    description: 'The only kind of search is `default`.',
    access: 'app',
    isManagement: true,
    query: { ...PAGE_OF_USERS, ...SEARCH },
    answers: { 200: { description: 'A page of users', schema: pageOf('User') } },
    example: { query: { q: 'ada' } },
    handle: (call) => list(call, readSearch(call)),
  },
  {
    id: 'readUser',
    method: 'GET',
    ...ONE_USER,
    summary: 'One user',
    answers: { 200: { description: 'The user', schema: ref('User') }, 404: UNKNOWN_USER },
    example: { status: 404, path: { id: '1' } },
    handle: async (call) => ({
      json: toUserJson(await call.services.userAdmin.get(callingApp(call).id, idOf(call))),
    }),
  },
  {
    id: 'patchUser',
    method: 'PATCH',
    ...ONE_USER,
    alsoBy: 'PUT',
    summary: 'Lock, unlock or rename a user',
    description:
      'A locked user holds no valid session or token, from the next request on. Other fields of the body are ignored.',
    body: {
      type: 'object',
      properties: {
        active: { type: 'boolean' },
        name: textOf(256),
        email: textOf(254),
        groups: textOf(256),
      },
    },
    answers: {
      200: { description: 'The user as changed', schema: ref('User') },
      404: UNKNOWN_USER,
    },
    example: { status: 404, path: { id: '1' }, body: { active: false } },
    async handle(call) {
      const appId = callingApp(call).id
      const user = await call.services.userAdmin.patch(appId, idOf(call), patchOf(call.body))
      return { json: toUserJson(user) }
    },
  },
  {
    id: 'deleteUser',
    method: 'DELETE',
    ...ONE_USER,
    summary: 'Delete a user',
    description:
      'Sessions and tokens are dead at once. Sign-ins in the audit trail lose the number of the user within some minutes.',
    answers: { 200: { description: 'Done' }, 404: UNKNOWN_USER },
    example: { status: 404, path: { id: '1' } },
    async handle(call) {
      await call.services.userAdmin.delete(callingApp(call).id, idOf(call))
      return {}
    },
  },
]

async function list(call: Call, search: string | undefined): Promise<Reply> {
  const query = call.query as unknown as PageQuery & {
    sort: UserSortKey
    desc: boolean
    lastKey?: string
  }
  const { users, total } = await call.services.userAdmin.list(callingApp(call).id, {
    offset: offsetOf(query),
    limit: query.limit,
    sort: query.sort,
    descending: query.desc,
    search,
    afterId: query.lastKey,
  })
  const items = users.map(toUserJson)
  return { json: { items, page: query.page, totalHits: total, lastKey: items.at(-1)?.id ?? null } }
}

/** The fields an app may change, checked by the schema above; no other gets through. */
function patchOf({ active, name, email, groups }: Call['body']): UserPatch {
  return {
    ...(typeof active === 'boolean' && { active }),
    ...(typeof name === 'string' && { name }),
    ...(typeof email === 'string' && { email }),
    ...(typeof groups === 'string' && { groups }),
  }
}
