import { normalizeAppId } from '../../apps/app-id'
import { AmazonAuthError } from '../../errors'
import { tryAddress } from '../login/try/try-link'
import { publicUrl } from '../public-address'
import { mountPathOf } from '../req-amazon-auth'
import { requestOrigin } from '../request-origin'
import { callingApp } from './caller-of'
import type { Call, Operation, Reply } from './operation'
import { MILLISECONDS, ref } from './schemas'

const OTHERS = 'An app may try its own sign-in; the root app may try that of any other.'

/** A link to try the sign-in by. */
export const TRY_OPERATION: Operation = {
  id: 'makeTryLink',
  method: 'POST',
  path: '/_try',
  summary: 'A link by which the sign-in to an app is tried',
  description:
    'Good for ten minutes, in any browser, as often as one likes. It leads to a real login with Amazon that signs nobody in and stores nothing, and shows each step. See docs/try.md.',
  access: 'app',
  query: {
    app: {
      type: 'string',
      description: 'Name of the app, with or without app:; default: the one that calls',
    },
  },
  answers: {
    200: {
      description: 'The link',
      schema: {
        type: 'object',
        required: ['url', 'expires'],
        properties: { url: { type: 'string' }, expires: MILLISECONDS },
      },
    },
    403: { description: 'It is another app', schema: ref('Error') },
    404: { description: 'No such app', schema: ref('Error') },
  },
  example: {},
  handle: makeTryLink,
}

async function makeTryLink(call: Call): Promise<Reply> {
  const { req, services, query } = call
  const caller = callingApp(call)
  const { app: name } = query as { readonly app?: string }
  const id = name === undefined ? caller.id : normalizeAppId(name)
  if (!caller.isRoot && id !== caller.id) {
    throw new AmazonAuthError('caller_forbidden', { problem: OTHERS })
  }
  const app = await services.apps.find(id)
  if (app === undefined) throw new AmazonAuthError('not_found')
  // Where the app has a public address, the cookie has to lie there.
  const base = publicUrl(app, services) ?? requestOrigin(req)
  const { url, expiresAtMs } = tryAddress(app, { base, mountPath: mountPathOf(req) }, services)
  services.logger.info({ app: app.id }, 'a link to try the sign-in was made')
  return { json: { url, expires: expiresAtMs } }
}
