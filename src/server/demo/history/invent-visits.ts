import type { StepName } from '../../../http/sign-in/attempt'
import type { ErrorCode } from '../../../errors'
import { LOCKED_VISITOR, VISITORS } from './visitors'

/** One time that somebody pressed the button. */
export interface Visit {
  readonly app: 'acme' | 'zenith'
  /** Milliseconds since 1970. */
  readonly atMs: number
  /** Index of the visitor. */
  readonly visitor: number
  /** `left`: has never come back from Amazon. */
  readonly end: 'ok' | 'left' | ErrorCode
  readonly step: StepName
  readonly tookMs: number
  /** Undefined: Amazon was not asked. */
  readonly amazonMs: number | undefined
}

/** What has happened to the shops. */
export const EVENTS = {
  /** Somebody was locked out of Acme. */
  lockedDaysAgo: 4,
  /** Zenith had the wrong secret for some hours. */
  brokenDaysAgo: 2.4,
  mendedDaysAgo: 2.2,
} as const

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
const DAYS = 31
const SHOPS = [
  { app: 'acme', perDay: 26 },
  { app: 'zenith', perDay: 15 },
] as const

/** How many come at each hour, of a hundred: a town wakes, has lunch, and goes to bed. */
const BY_HOUR = [1, 1, 0, 0, 1, 2, 6, 9, 8, 6, 5, 6, 7, 6, 5, 4, 4, 5, 6, 6, 5, 4, 2, 1]

/**
 * A month of sign-ins to both shops, the earliest first: the same ones for each start, as far as the clock allows.
 *
 * @param nowMs Milliseconds since 1970; all of it is before.
 */
export function inventVisits(nowMs: number): readonly Visit[] {
  const random = createRandom(20_261_129)
  const visits = SHOPS.flatMap(({ app, perDay }) =>
    Array.from({ length: DAYS * perDay }, () => {
      const daysAgo = Math.floor(random() * DAYS)
      const atMs = nowMs - daysAgo * DAY_MS - hourOf(random) * HOUR_MS - random() * HOUR_MS
      return invent(app, atMs, nowMs, random)
    }),
  )
  // Of the last hour, too, whatever the time of day.
  const lately = Array.from({ length: 9 }, () =>
    invent(random() < 0.6 ? 'acme' : 'zenith', nowMs - random() * HOUR_MS, nowMs, random),
  )
  return [...visits, ...lately].sort((one, other) => one.atMs - other.atMs)
}

function invent(app: Visit['app'], atMs: number, nowMs: number, random: () => number): Visit {
  // A few come often.
  const visitor = Math.floor(random() ** 1.7 * VISITORS.length)
  const daysAgo = (nowMs - atMs) / DAY_MS
  const end = endOf(app, visitor, daysAgo, random())
  const amazonMs = Math.round(90 + 240 * random() ** 3)
  const ownMs = Math.round(4 + 14 * random() ** 2)
  return { app, atMs: Math.floor(atMs), visitor, end, ...timesOf(end, app, amazonMs, ownMs) }
}

function endOf(app: string, visitor: number, daysAgo: number, chance: number): Visit['end'] {
  const { brokenDaysAgo, mendedDaysAgo, lockedDaysAgo } = EVENTS
  if (chance < 0.07) return 'left'
  if (chance < 0.11) return 'access_denied'
  const isBroken = app === 'zenith' && daysAgo < brokenDaysAgo && daysAgo > mendedDaysAgo
  if (isBroken) return 'client_rejected'
  const isLocked = app === 'acme' && VISITORS[visitor]?.name === LOCKED_VISITOR
  if (isLocked && daysAgo < lockedDaysAgo) return 'account_locked'
  if (chance < 0.125) return 'state_expired'
  if (chance < 0.132) return 'amazon_timeout'
  if (chance < 0.137) return 'state_missing'
  return 'ok'
}

function timesOf(
  end: Visit['end'],
  app: Visit['app'],
  amazonMs: number,
  ownMs: number,
): Pick<Visit, 'step' | 'tookMs' | 'amazonMs'> {
  const asked = { tookMs: amazonMs + ownMs, amazonMs }
  switch (end) {
    case 'ok':
      return { step: app === 'acme' ? 'start_session' : 'issue_token', ...asked }
    case 'account_locked':
      return { step: 'upsert_user', ...asked }
    case 'client_rejected':
      return { step: 'exchange_code', ...asked }
    case 'amazon_timeout':
      return { step: 'exchange_code', tookMs: 10_000 + ownMs, amazonMs: 10_000 }
    default:
      return { step: 'verify_state', tookMs: ownMs, amazonMs: undefined }
  }
}

function hourOf(random: () => number): number {
  let left = random() * BY_HOUR.reduce((sum, share) => sum + share, 0)
  const hour = BY_HOUR.findIndex((share) => (left -= share) < 0)
  return 23 - Math.max(0, hour)
}

/**
 * Numbers from 0 to below 1 that look random, and are the same for the same seed.
 *
 * @see https://en.wikipedia.org/wiki/Lehmer_random_number_generator
 */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}
