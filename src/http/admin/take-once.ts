import { setTimeout as sleep } from 'node:timers/promises'

import { sha256 } from '../../crypto/random'
import { AmazonAuthError } from '../../errors'
import { redirect, redirectionOf } from '../answer'
import type { AdminVisit } from './admin-route'
import { pageOf } from './form-token'

/** A page that is older is loaded anew before something is sent from it again. */
const KEPT_MS = 10 * 60_000
const WAIT_MS = 5_000
const LOOK_EVERY_MS = 100

/** What came of a form: where it has led; null: nowhere, so that nothing was done. */
interface Outcome {
  readonly location: string | null
}

/**
 * Takes a form once, on whatever node: sent again from the same page with the same fields, by a reload, the way back or a second
 * press of its button, it does nothing, and leads to where it has led before. One by which nothing was done is taken again.
 */
export async function takeOnce(visit: AdminVisit, take: () => Promise<void>): Promise<void> {
  const name = nameOf(visit)
  if (name === undefined) await take()
  else await takeTurn(visit, take, { name, turn: 0 })
}

/** Each time that nothing was done makes room for one turn more. */
async function takeTurn(
  visit: AdminVisit,
  take: () => Promise<void>,
  { name: form, turn }: { readonly name: string; readonly turn: number },
): Promise<void> {
  const { req, res, services, operator } = visit
  const name = `${form} ${turn}`
  const appId = operator.appId ?? services.apps.rootId
  const expiresAtMs = services.now() + KEPT_MS
  if (await services.singleUse.take({ appId, name, expiresAtMs })) {
    try {
      await take()
    } finally {
      const location = redirectionOf(res)
      const data = JSON.stringify({ location } satisfies Outcome)
      await services.adminSessions
        .put(sha256(name), { data, expiresAtMs })
        .catch((cause: unknown) => services.logger.warn({ cause }, NOT_NOTED))
    }
    return
  }
  const outcome = await findOutcome(name, visit)
  if (outcome === undefined) {
    const { lang, common } = visit.texts
    throw new AmazonAuthError('request_invalid', { problem: common.sentAlready, lang })
  }
  if (outcome.location === null) await takeTurn(visit, take, { name: form, turn: turn + 1 })
  else redirect(req, res, outcome.location)
}

const NOT_NOTED = 'what came of a form for operators cannot be stored'

/** @returns Undefined: the form comes from a program, which names no page. */
function nameOf({ req, form, session }: AdminVisit): string | undefined {
  const page = pageOf(form)
  if (page === undefined) return undefined
  return `form ${sha256(`${session.token} ${page} ${req.originalUrl} ${form.toString()}`)}`
}

/** The first may still be at it. */
async function findOutcome(
  name: string,
  { services, res }: AdminVisit,
): Promise<Outcome | undefined> {
  for (let waitedMs = 0; waitedMs < WAIT_MS && !res.destroyed; waitedMs += LOOK_EVERY_MS) {
    const found = await services.adminSessions.find(sha256(name), services.now())
    if (found !== undefined) return JSON.parse(found.data) as Outcome
    await sleep(LOOK_EVERY_MS)
  }
  return undefined
}
