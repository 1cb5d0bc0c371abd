import type { OperatorAction } from '../../../audit/operator-action'
import { BULK_ACTIONS, isStalled, leftOf, type BulkChange } from '../../../bulk/bulk-change'
import type { BulkOrder } from '../../../bulk/create-bulk-changes'
import { AmazonAuthError } from '../../../errors'
import { tokenField } from '../../../pages/admin/admin-layout'
import { bulkPage } from '../../../pages/admin/users/bulk-page'
import { bulksPage } from '../../../pages/admin/users/bulks-page'
import { goTo, showAdminPage } from '../admin-answers'
import type { AppVisit } from '../admin-route'
import { nameActors } from '../name-actors'
import { recordChange } from '../record-change'
import { toShownUser } from './to-shown-user'
import { usersPath } from './users-path'

const MAX_SEARCH = 256
const MAX_IDS = 20_000
/** No id of ours is longer; what is, is none. */
const MAX_ID = 64

/** Shows the latest changes of many users, and where one begins by a list of ids. */
export async function showBulks(
  visit: AppVisit,
  { problem, ids = '' }: { readonly problem?: string; readonly ids?: string } = {},
): Promise<void> {
  const { app, base, services, session, texts } = visit
  const page = {
    ...{ app, problem, ids },
    path: base + usersPath(app),
    bulks: await named(await services.bulk.list(app.appIdentifier), visit),
    tokenField: tokenField(session.formToken),
  }
  showAdminPage(visit, bulksPage(page, texts), problem === undefined ? 200 : 400)
}

/** Writes down whom a change is about, and leads to the page that asks whether to start it. */
export async function beginBulk(visit: AppVisit): Promise<void> {
  const { app, form, operator, services, texts } = visit
  const covers = readCovers(form)
  const problem = problemOf(covers, form, texts.users)
  if (problem !== undefined) {
    if (form.get('from') === 'ids') await showBulks(visit, { problem, ids: form.get('ids') ?? '' })
    else goTo(visit, usersPath(app), problem)
    return
  }
  const order = { action: readAction(form), covers, actor: operator.actor }
  const bulk = await services.bulk.begin(app.appIdentifier, order)
  if (bulk === undefined) goTo(visit, `${usersPath(app)}/bulk`, texts.users.tooManyOpen)
  else goTo(visit, bulkPath(visit, bulk))
}

function readAction(form: URLSearchParams): BulkOrder['action'] {
  const action = BULK_ACTIONS.find((known) => known === form.get('action'))
  if (action === undefined) throw new AmazonAuthError('request_invalid')
  return action
}

function readCovers(form: URLSearchParams): BulkOrder['covers'] {
  const kind = form.get('covers')
  if (kind === 'all') return { kind }
  if (kind === 'search') {
    return { kind, text: (form.get('search') ?? '').trim().slice(0, MAX_SEARCH) }
  }
  if (kind !== 'ids') throw new AmazonAuthError('request_invalid')
  const typed = (form.get('ids') ?? '').split(/[\s,;]+/)
  return { kind, ids: [...form.getAll('id'), ...typed].filter(isId) }
}

function isId(text: string): boolean {
  return text !== '' && text.length <= MAX_ID
}

type Words = AppVisit['texts']['users']

function problemOf(
  covers: BulkOrder['covers'],
  form: URLSearchParams,
  words: Words,
): string | undefined {
  // All users are never what an empty search stands for.
  if (covers.kind === 'search' && covers.text === '') return words.pickFirst
  if (covers.kind !== 'ids') return undefined
  const { length } = covers.ids ?? []
  if (length > MAX_IDS) return words.tooManyIds
  if (length > 0) return undefined
  return form.get('from') === 'ids' ? words.noIds : words.pickFirst
}

/** Shows one change of many users: who is in it, or how far it is. */
export async function showBulk(visit: AppVisit, problem?: string): Promise<void> {
  const { app, base, operator, services, session, texts } = visit
  const bulk = await getBulk(visit)
  const nameOf = await nameActors([bulk.actor], visit)
  const page = {
    ...{ app, problem },
    bulk: { ...bulk, by: nameOf(bulk.actor) },
    path: base + usersPath(app),
    isStalled: isStalled(bulk, services.now()),
    left: leftOf(bulk),
    sample: bulk.state === 'ready' ? (await services.bulk.sample(bulk)).map(toShownUser) : [],
    mayBeYou: app.appIdentifier === services.apps.rootId && operator.actor.startsWith('user:'),
    tokenField: tokenField(session.formToken),
  }
  showAdminPage(visit, bulkPage(page, texts), problem === undefined ? 200 : 400)
}

/** With who has begun each, by name. */
async function named(bulks: readonly BulkChange[], visit: AppVisit) {
  const nameOf = await nameActors(
    bulks.map(({ actor }) => actor),
    visit,
  )
  return bulks.map((bulk) => ({ ...bulk, by: nameOf(bulk.actor) }))
}

/** Starts one. A deletion wants to be told how many it deletes. */
export async function startBulk(visit: AppVisit): Promise<void> {
  const { form, operator, services, texts } = visit
  const bulk = await getBulk(visit)
  const isTyped = (form.get('typed') ?? '').trim() === String(bulk.total)
  if (bulk.state === 'ready' && bulk.action === 'delete' && !isTyped) {
    await showBulk(visit, texts.users.countTyped)
    return
  }
  const started = await services.bulk.start(bulk, operator.actor)
  if (started !== undefined) await record(visit, 'bulk_started', started)
  goTo(visit, bulkPath(visit, bulk), started === undefined ? texts.users.notReady : undefined)
}

export async function cancelBulk(visit: AppVisit): Promise<void> {
  const { services, texts } = visit
  const bulk = await getBulk(visit)
  const cancelled = await services.bulk.cancel(bulk)
  // What was never started has changed nothing.
  if (cancelled !== undefined && bulk.state === 'running') {
    await record(visit, 'bulk_cancelled', cancelled)
  }
  goTo(visit, bulkPath(visit, bulk), cancelled === undefined ? texts.users.hasEnded : undefined)
}

function record(visit: AppVisit, action: OperatorAction, bulk: BulkChange): Promise<void> {
  const { id, action: what, total, changed } = bulk
  const detail = `bulk ${id}: ${what}, ${total} users, ${changed} changed`
  return recordChange(visit, { app: bulk.appId, action, detail })
}

async function getBulk({ app, params, services }: AppVisit): Promise<BulkChange> {
  const bulk = await services.bulk.find({ appId: app.appIdentifier, id: params.bulk ?? '' })
  if (bulk === undefined) throw new AmazonAuthError('not_found')
  return bulk
}

function bulkPath({ app }: AppVisit, { id }: BulkChange): string {
  return `${usersPath(app)}/bulk/${encodeURIComponent(id)}`
}
