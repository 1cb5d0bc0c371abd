import { normalizeAppId } from '../../apps/app-id'
import { AmazonAuthError } from '../../errors'
import { toUserJson } from '../../users/user-json'
import { findRequestUser } from '../req-amazon-auth'
import { callingApp } from './caller-of'
import { idOf, OF_USER, UNKNOWN_USER } from './one-user'
import type { Operation } from './operation'
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
    handle: async (call) => ({
      json: await call.services.userAdmin.export(callingApp(call).id, idOf(call)),
    }),
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
    async handle({ req, res, services, caller, query }) {
      if (caller?.kind === 'app') throw new AmazonAuthError('caller_forbidden', { problem: APPS })
      const appId = typeof query.appid === 'string' ? normalizeAppId(query.appid) : undefined
      const signedIn = caller ?? (await findRequestUser(req, res, services, appId))
      if (signedIn === undefined) throw new AmazonAuthError('unauthorized')
      return { json: await services.userAdmin.export(signedIn.app.id, signedIn.user.id) }
    },
  },
]

const APPS = 'Only a user may do that. An app asks for one of its users, at /users/{id}/export.'
