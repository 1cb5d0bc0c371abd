import { normalizeAppId } from '../../apps/app-id'
import { DEFAULT_PAGE, type Question } from '../../doctor/question'
import { AmazonAuthError } from '../../errors'
import { seeExpressOf, seeRequest } from '../see-request'
import { callingApp } from './caller-of'
import type { Call, Operation } from './operation'
import { ref } from './schemas'

/** Whoever waits for the answer, a client or a proxy, gives up sooner than a command line. */
const LIMIT_MS = 8_000
const OTHERS = 'An app may ask about itself; the root app may ask about any other.'

/** What keeps logins from working. */
export const DOCTOR_OPERATION: Operation = {
  id: 'readDoctor',
  method: 'GET',
  path: '/_doctor',
  summary: 'What keeps logins from working, with the fix',
  description:
    'An app is told of itself. The root app is told of the host and of a page of its apps, or of the one that `app` names. What others have answered (Amazon, the pages that logins end on) is good for ten seconds. See docs/doctor.md.',
  access: 'app',
  query: {
    app: { type: 'string', description: 'Name of the app, with or without app:' },
    offline: { type: 'boolean', default: false, description: 'Ask nobody over the network' },
    limit: { type: 'integer', minimum: 1, maximum: 100, default: DEFAULT_PAGE },
    lastKey: { type: 'string', description: 'Begin behind this app' },
  },
  answers: {
    200: { description: 'A line for each check', schema: ref('Doctor') },
    404: { description: 'No such app', schema: ref('Error') },
  },
  example: { query: { offline: 'true' } },
  handle: async (call) => ({ json: await call.services.doctor.run(questionOf(call)) }),
}

function questionOf(call: Call): Question {
  const caller = callingApp(call)
  const { app, offline, limit, lastKey } = call.query as {
    readonly app?: string
    readonly offline: boolean
    readonly limit: number
    readonly lastKey?: string
  }
  const named = app === undefined ? undefined : normalizeAppId(app)
  if (!caller.isRoot && named !== undefined && named !== caller.id) {
    throw new AmazonAuthError('caller_forbidden', { problem: OTHERS })
  }
  return {
    asker: caller.isRoot ? 'host' : 'app',
    app: caller.isRoot ? named : caller.id,
    page: { afterId: normalizeAppId(lastKey ?? ''), limit },
    isOffline: offline,
    isRemote: true,
    limitMs: LIMIT_MS,
    request: seeRequest(call.req),
    express: seeExpressOf(call.req),
  }
}
