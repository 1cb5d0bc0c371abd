import type { App, AppPatch } from '../../apps/app'
import { normalizeAppId } from '../../apps/app-id'
import { toAppJson } from '../../apps/app-json'
import { claimMappingOf } from '../../apps/claims-setting'
import { AmazonAuthError } from '../../errors'
import type { User } from '../../users/user'
import { userClaims } from '../../users/user-claims'
import { toUserJson } from '../../users/user-json'
import { VERSION } from '../../version'
import type { AuthServices } from '../auth-services'
import { findRequestUser } from '../req-amazon-auth'
import { callingApp } from './caller-of'
import type { Call, Operation, Reply } from './operation'
import { offsetOf, PAGE, readSearch, SEARCH, type PageQuery } from './list-query'
import { pageOf, ref, textOf } from './schemas'

const APP = { app: { type: 'string', description: 'Name of the app, with or without app:' } }

const NO_KEYS =
  'The secret of an app is shown once, when it is made. `express-amazon-auth keys rotate` or POST /_newkeys makes a new one.'

const PAGE_OF_APPS = {
  ...PAGE,
  lastKey: { type: 'string', description: 'Begin behind this app' },
}

const ONE_APP = {
  path: '/apps/{app}',
  alsoAt: ['/app/{app}'],
  access: 'app',
  isManagement: true,
  pathParameters: APP,
} as const

const SWITCHED_BY_ROOT =
  'Only the root app switches an app off or on: one that is off could not switch itself on again.'

/** The calling app itself, and (for the root app) all of them. */
export const APP_OPERATIONS: readonly Operation[] = [
  {
    id: 'about',
    method: 'GET',
    path: '/',
    summary: 'What this server is',
    access: 'app',
    answers: {
      200: {
        description: 'Name and version',
        schema: {
          type: 'object',
          required: ['info', 'version'],
          properties: { info: { type: 'string' }, version: { type: 'string' } },
        },
      },
    },
    handle: () => ({
      json: { info: 'express-amazon-auth: sign in with Amazon, for many apps', version: VERSION },
    }),
  },
  {
    id: 'readMe',
    method: 'GET',
    path: '/_me',
    summary: 'Who calls: the app or the user',
    description:
      'A browser that is signed in by a session may ask too; ?appid= tells in which app. Where the app is strict, an ID token is good for one such call and no other.',
    access: 'optional',
    takesTokens: ['id', 'session', 'super'],
    query: { appid: { type: 'string' } },
    answers: {
      200: { description: 'The record', schema: { anyOf: [ref('App'), ref('OwnUser')] } },
      401: { description: 'Nobody; no body' },
      403: {
        description: 'A super token that asks for the keys of an app (getCredentials)',
        schema: ref('Error'),
      },
    },
    async handle({ req, res, services, caller, query }) {
      if (caller?.kind === 'app') {
        if (caller.wantsKeys === true)
          throw new AmazonAuthError('caller_forbidden', { problem: NO_KEYS })
        return { json: toAppJson(caller.app, services.apps.rootId) }
      }
      if (caller?.kind === 'user') return { json: ownRecord(caller, services) }
      const appId = typeof query.appid === 'string' ? normalizeAppId(query.appid) : undefined
      const signedIn = await findRequestUser(req, res, services, appId)
      return signedIn === undefined ? { status: 401 } : { json: ownRecord(signedIn, services) }
    },
  },
  {
    id: 'readTime',
    method: 'GET',
    path: '/utils/timestamp',
    summary: 'The time of this server',
    description: 'By which clients of Para try whether they are let in.',
    access: 'caller',
    answers: {
      200: {
        description: 'Milliseconds since 1970',
        schema: { type: 'integer' },
      },
    },
    handle: ({ services }) => ({ json: services.now() }),
  },
  {
    id: 'readSetup',
    method: 'GET',
    path: '/_setup',
    summary: 'Whether the root app is there',
    access: 'anyone',
    answers: { 200: { description: 'It is', schema: ref('Message') } },
    handle: ({ services }) => ({
      json: {
        message: `The root app is there (app:${services.apps.rootId}). Its keys were shown on the console at first start; they are never sent over the network.`,
      },
    }),
  },
  {
    id: 'createApp',
    method: 'GET',
    path: '/_setup/{app}',
    summary: 'Create a child app',
    description: 'By GET, as clients of Para send it. Creating one that is there changes nothing.',
    access: 'root',
    pathParameters: APP,
    query: { name: { ...textOf(256), minLength: 0, description: 'Name for people' } },
    answers: {
      200: {
        description: 'Its keys, shown only now; only a message when it was there already',
        schema: { anyOf: [ref('AppKeys'), ref('Message')] },
      },
    },
    example: { path: { app: 'bakery' }, query: { name: 'The Bakery' } },
    async handle({ services, path, query }) {
      const name = path.app ?? ''
      const given = typeof query.name === 'string' ? query.name.trim() : ''
      const displayName = given === '' ? name : given
      try {
        const keys = await services.admin.create({ name, displayName })
        return { json: { ...keys, message: 'Save the secret key: it is shown only now.' } }
      } catch (error) {
        if (!(error instanceof AmazonAuthError) || error.code !== 'app_exists') throw error
        return { json: { message: `App ${normalizeAppId(name)} exists already.` } }
      }
    },
  },
  {
    id: 'renewKeys',
    method: 'POST',
    path: '/_newkeys',
    summary: 'Make a new secret for the calling app',
    description: 'The old one, and every token of the app and its users, is dead at once.',
    access: 'app',
    answers: { 200: { description: 'The new keys', schema: ref('AppKeys') } },
    async handle(call) {
      const keys = await call.services.admin.renewKeys(callingApp(call).id)
      return { json: { ...keys, info: 'Save the secret key: it is shown only now.' } }
    },
  },
  {
    id: 'listApps',
    method: 'GET',
    path: '/apps',
    alsoAt: ['/app'],
    summary: 'All apps, a page at a time',
    access: 'root',
    isManagement: true,
    query: PAGE_OF_APPS,
    answers: { 200: { description: 'A page of apps', schema: pageOf('App') } },
    example: { query: { limit: '10' } },
    handle: (call) => list(call, undefined),
  },
  {
    id: 'searchApps',
    method: 'GET',
    path: '/apps/search',
    alsoAt: ['/apps/search/{kind}', '/app/search', '/app/search/{kind}'],
    summary: 'Apps whose id or name begins with a text',
    description: 'Ordered by id. The only kind of search is `default`.',
    access: 'root',
    isManagement: true,
    query: { ...PAGE_OF_APPS, ...SEARCH },
    answers: { 200: { description: 'A page of apps', schema: pageOf('App') } },
    example: { query: { q: 'bak' } },
    handle: (call) => list(call, readSearch(call)),
  },
  {
    id: 'patchApp',
    method: 'PATCH',
    ...ONE_APP,
    alsoBy: 'PUT',
    summary: 'Rename an app, or switch it off or on',
    description:
      'Nobody signs in to an app that is off, and its sessions, tokens and keys are worth nothing until it is on again. An app may rename itself; only the root app switches others, and is never switched itself. Other fields of the body are ignored.',
    body: { type: 'object', properties: { name: textOf(256), active: { type: 'boolean' } } },
    answers: {
      200: { description: 'The app as changed', schema: ref('App') },
      403: { description: 'Not for this app to do', schema: ref('Error') },
      404: { description: 'No such app', schema: ref('Error') },
    },
    example: { path: { app: 'bakery' }, body: { name: 'The New Bakery' } },
    async handle(call) {
      const id = ownOrAny(call, 'An app may change only itself; the root app may change any other.')
      const patch = patchOf(call.body)
      const caller = callingApp(call)
      // Clients of Para send the whole record: what it says of itself as it is, is no change.
      if (!caller.isRoot && patch.active !== undefined && patch.active !== caller.active) {
        throw new AmazonAuthError('caller_forbidden', { problem: SWITCHED_BY_ROOT })
      }
      return { json: await call.services.admin.patch(id, patch) }
    },
  },
  {
    id: 'deleteApp',
    method: 'DELETE',
    ...ONE_APP,
    summary: 'Delete an app with its users and settings',
    answers: {
      200: { description: 'Done' },
      404: { description: 'No such app', schema: ref('Error') },
    },
    example: { path: { app: 'bakery' } },
    async handle(call) {
      const id = ownOrAny(call, 'An app may delete only itself; the root app may delete any other.')
      await call.services.admin.delete(id)
      return {}
    },
  },
]

/** @returns The id of the app that the path names. */
function ownOrAny(call: Call, problem: string): string {
  const caller = callingApp(call)
  const id = normalizeAppId(call.path.app ?? '')
  if (!caller.isRoot && caller.id !== id) throw new AmazonAuthError('caller_forbidden', { problem })
  return id
}

/** The fields that can be changed, checked by the schema above; no other gets through. */
function patchOf({ name, active }: Call['body']): AppPatch {
  return {
    ...(typeof name === 'string' && { name }),
    ...(typeof active === 'boolean' && { active }),
  }
}

async function list({ services, query }: Call, search: string | undefined): Promise<Reply> {
  const page = query as unknown as PageQuery & { lastKey?: string }
  const afterId = normalizeAppId(page.lastKey ?? '')
  const prefix = search?.replace(/^app:/, '')
  const [items, totalHits] = await Promise.all([
    services.admin.list({ afterId, offset: offsetOf(page), limit: page.limit, search: prefix }),
    services.admin.count(prefix),
  ])
  return { json: { items, page: page.page, totalHits, lastKey: items.at(-1)?.id ?? null } }
}

/** A user as it may see itself: with what the app makes of its profile. */
function ownRecord(
  { app, user }: { readonly app: App; readonly user: User },
  { policy }: AuthServices,
) {
  const claims = userClaims(user, claimMappingOf(app, policy))
  return { ...toUserJson(user), ...(claims !== undefined && { claims }) }
}
