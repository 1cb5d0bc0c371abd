import { randomText, sha256 } from '../../crypto/random'
import type { AdminVisit } from './admin-route'
import { goTo } from './admin-answers'

const ID_BYTES = 18
/** A redirect is followed at once. */
const KEPT_MS = 60_000
const FIELD = 'once'

/** Sends the browser on to a page that shows a secret once: a reload of it, or the way back, shows it no more. */
export async function goToSecret(visit: AdminVisit, path: string, secret: object): Promise<void> {
  const { services, session } = visit
  const id = randomText(ID_BYTES)
  const sealed = services.browserSealer.seal(JSON.stringify(secret), bindTo(session.token))
  const record = { data: JSON.stringify(sealed), expiresAtMs: services.now() + KEPT_MS }
  await services.adminSessions.put(hashOf(id), record)
  goTo(visit, `${path}?${FIELD}=${id}`)
}

/** The secret that a page was to show; undefined: it has been shown, on whatever node, or is another session's. */
export async function takeSecret<T extends object>(visit: AdminVisit): Promise<T | undefined> {
  const { query, services, session } = visit
  const id = query.get(FIELD)
  if (id === null) return undefined
  const name = hashOf(id)
  const found = await services.adminSessions.find(name, services.now())
  if (found === undefined) return undefined
  const { data, expiresAtMs } = found
  const sealed = JSON.parse(data) as unknown
  const bound = bindTo(session.token)
  const text = typeof sealed === 'string' ? services.browserSealer.open(sealed, bound) : undefined
  if (text === undefined) return undefined
  // Of several requests at the same moment each has found it by now.
  const isFirst = await services.singleUse.take({ appId: services.apps.rootId, name, expiresAtMs })
  await services.adminSessions.delete(name)
  return isFirst ? (JSON.parse(text) as T) : undefined
}

function hashOf(id: string): string {
  return sha256(`shown once ${id}`)
}

function bindTo(formToken: string): string {
  return `shown once ${formToken}`
}
