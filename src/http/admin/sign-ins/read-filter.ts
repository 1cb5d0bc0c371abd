import { normalizeAppId } from '../../../apps/app-id'
import type { AuditWay } from '../../../audit/audit-event'
import { MAX_USERS, type AuditPosition, type HistoryFilter } from '../../../audit/audit-history'
import type { ToldOutcome } from '../../../audit/told-outcome'
import { AmazonAuthError } from '../../../errors'
import type { FilterValues } from '../../../pages/admin/sign-ins-filter'
import { DECLINED } from '../../../stats/roll-up'
import type { AdminVisit } from '../admin-route'

/** What a list of events is asked for by its address. */
export interface AskedEvents {
  readonly filter: HistoryFilter
  /** As it was typed. */
  readonly values: FilterValues
  /** The filter as a query, without the place; empty: none. */
  readonly query: string
  readonly before: AuditPosition | undefined
  /** How many people fit what was typed; undefined: nothing was. */
  readonly peopleFound: number | undefined
}

const WAYS: readonly AuditWay[] = [
  'browser',
  'amazon_token',
  'app_token',
  'device',
  'token_refresh',
]
const OUTCOMES: readonly ToldOutcome[] = ['success', 'declined', 'failure']
const MAX_CHARACTERS = 256

/**
 * Which events are asked for. People are looked up by what is typed, in the app whose page it is.
 *
 * @throws {AmazonAuthError} `request_invalid`, `store_unavailable`
 */
export async function readFilter(
  visit: AdminVisit,
  about: HistoryFilter['about'],
  appId: string | undefined,
): Promise<AskedEvents> {
  const values = valuesOf(visit.query, appId)
  const people = appId === undefined ? undefined : await findPeople(values.person, appId, visit)
  const outcome = OUTCOMES.find((name) => name === values.outcome)
  const way = WAYS.find((name) => name === values.way)
  if ((outcome ?? '') !== values.outcome || (way ?? '') !== values.way) {
    throw badFilter(visit.texts.signIns.badOutcome, visit)
  }
  const named = values.app === '' ? undefined : normalizeAppId(values.app)
  const filter: HistoryFilter = {
    about,
    app: appId ?? named,
    ...endedAs(outcome, values.reason === '' ? undefined : values.reason),
    way,
    userIds: people?.slice(0, MAX_USERS),
    sinceMs: readTime(values.since, visit),
    untilMs: readTime(values.until, visit),
  }
  const before = readPosition(visit.query.get('before') ?? '')
  return { filter, values, query: queryOf(values), before, peopleFound: people?.length }
}

/** Nobody has declined for another reason, nor failed by declining. */
function endedAs(
  outcome: ToldOutcome | undefined,
  reason: string | undefined,
): Pick<HistoryFilter, 'outcome' | 'reason' | 'notReason'> {
  if (outcome === 'failure') return { outcome, reason, notReason: DECLINED }
  if (outcome !== 'declined') return { outcome, reason }
  const isOther = reason !== undefined && reason !== DECLINED
  return { outcome: 'failure', reason: DECLINED, ...(isOther && { notReason: DECLINED }) }
}

function valuesOf(query: URLSearchParams, appId: string | undefined): FilterValues {
  const field = (name: string): string => (query.get(name) ?? '').trim().slice(0, MAX_CHARACTERS)
  return {
    // On the pages of an app it is no question.
    app: appId === undefined ? field('app') : '',
    person: appId === undefined ? '' : field('person'),
    outcome: field('outcome'),
    reason: field('reason'),
    way: field('way'),
    since: field('since'),
    until: field('until'),
  }
}

function queryOf(values: FilterValues): string {
  return new URLSearchParams(Object.entries(values).filter(([, value]) => value !== '')).toString()
}

/** An id is one, too, when its user has been deleted. */
async function findPeople(
  person: string,
  appId: string,
  { services }: AdminVisit,
): Promise<readonly string[] | undefined> {
  if (person === '') return undefined
  const page = { offset: 0, limit: MAX_USERS + 1, sort: 'timestamp', descending: true } as const
  const { users } = await services.userAdmin.list(appId, { ...page, search: person })
  const ids = users.map(({ id }) => id)
  return /^\d+$/.test(person) ? [...new Set([person, ...ids])] : ids
}

function readTime(text: string, visit: AdminVisit): number | undefined {
  if (text === '') return undefined
  const atMs = TIME.test(text) ? Date.parse(`${text}Z`) : NaN
  if (Number.isNaN(atMs)) throw badFilter(visit.texts.signIns.badTime, visit)
  return atMs
}

function badFilter(problem: string, { texts }: AdminVisit): AmazonAuthError {
  return new AmazonAuthError('request_invalid', { problem, lang: texts.lang })
}

/** As fields of the type `datetime-local` send it. */
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?$/

/** A place as addresses and ids of live events have it; undefined: it is none. */
export function readPosition(text: string): AuditPosition | undefined {
  const [, at, id] = /^(\d{1,15})-([\w-]{0,64})$/.exec(text) ?? []
  return at === undefined || id === undefined ? undefined : { atMs: Number(at), id }
}

export function writePosition({ atMs, id }: AuditPosition): string {
  return `${atMs}-${id}`
}
