import { normalizeAppId } from '../../apps/app-id'
import { actorOfApp, actorOfUser } from '../../audit/actor'
import { AmazonAuthError } from '../../errors'
import type { UserExport } from '../../users/export-user'
import { toUserJson } from '../../users/user-json'
import type { Downloader } from '../limits/downloads'
import { findRequestUser } from '../req-amazon-auth'
import { callingApp } from './caller-of'
import { idOf, OF_USER, UNKNOWN_USER } from './one-user'
import type { Call, Operation } from './operation'
import { ref } from './schemas'

const EXPORT = { description: 'All that is kept of them', schema: ref('UserExport') }

/** What happens to users besides signing in: sign out everywhere, unlink, export. */
export const USER_LIFE_OPERATIONS: readonly Operation[] = [
  {
    id: 'signOutUser',
    method: 'POST',
    path: '/users/{id}/_signout',
    alsoAt: ['/user/{id}/_signout'],
    ...OF_USER,
    summary: 'End all sessions and tokens of a user',
    description: 'On all devices, from the next request on. The user may sign in again.',
    answers: { 200: { description: 'The user', schema: ref('User') }, 404: UNKNOWN_USER },
    example: { status: 404, path: { id: '1' } },
    async handle(call) {
      const { userAdmin } = call.services
      const user = await userAdmin.get(callingApp(call).id, idOf(call))
      return { json: toUserJson(await userAdmin.revokeAll(user)) }
    },
  },
  {
    id: 'unlinkAmazon',
    method: 'DELETE',
    path: '/users/{id}/amazon',
    alsoAt: ['/user/{id}/amazon'],
    ...OF_USER,
    summary: "Give up a user's account at Amazon",
    description:
      'The user stays, with `unlinked:` and the id as identifier, and all sessions and tokens end. Whoever signs in with that account at Amazon is a new user. Of a user without one nothing is changed.',
    answers: { 200: { description: 'The user', schema: ref('User') }, 404: UNKNOWN_USER },
    example: { status: 404, path: { id: '1' } },
    async handle(call) {
      const appId = callingApp(call).id
      return { json: toUserJson(await call.services.userAdmin.unlinkAmazon(appId, idOf(call))) }
    },
  },
  {
    id: 'exportUser',
    method: 'GET',
    path: '/users/{id}/export',
    alsoAt: ['/user/{id}/export'],
    ...OF_USER,
    summary: 'All that is kept of a user',
    description: 'What a person may ask for by law. Holds no secrets.',
    answers: { 200: EXPORT, 404: UNKNOWN_USER },
    example: { status: 404, path: { id: '1' } },
    handle: async (call) => ({ json: await exportOf(callingApp(call).id, idOf(call), {}, call) }),
  },
  {
    id: 'exportMe',
    method: 'GET',
    path: '/_me/export',
    summary: 'All that is kept of the user who calls',
    description:
      'By a session token, or by a browser that is signed in by a session; ?appid= tells in which app.',
    access: 'optional',
    query: { appid: { type: 'string' } },
    answers: {
      200: EXPORT,
      401: { description: 'No user is signed in', schema: ref('Error') },
      403: { description: 'An app calls', schema: ref('Error') },
    },
    example: { status: 401 },
    async handle(call) {
      const { req, res, services, caller, query } = call
      if (caller?.kind === 'app') throw new AmazonAuthError('caller_forbidden', { problem: APPS })
      const appId = typeof query.appid === 'string' ? normalizeAppId(query.appid) : undefined
      const signedIn = caller ?? (await findRequestUser(req, res, services, appId))
      if (signedIn === undefined) throw new AmazonAuthError('unauthorized')
      const { app, user } = signedIn
      const session = actorOfUser(app.id, user.id)
      return { json: await exportOf(app.id, user.id, { session }, call) }
    },
  },
]

/** Each may be some megabytes: an app, its users together with it, has as many at a time as are free, and a user two. */
function exportOf(
  appId: string,
  userId: string,
  by: Pick<Downloader, 'session'>,
  { services: { downloads, userAdmin } }: Call,
): Promise<UserExport> {
  return downloads.run({ ...by, actor: actorOfApp(appId), says: SAYS }, () =>
    userAdmin.export(appId, userId),
  )
}

const SAYS: Downloader['says'] = {
  lang: 'en',
  tooMany: 'Two exports of this user are under way. Let one of them end first.',
  tooManyOfAll: 'Too many exports are under way. Try again in a moment.',
}

const APPS = 'Only a user may do that. An app asks for one of its users, at /users/{id}/export.'
