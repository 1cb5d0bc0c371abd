import { rollUp, type CountedAttempt } from '../../../src/stats/roll-up'
import { openStore } from '../store/open-store'

const MINUTE = 60_000
const DAY = 86_400_000
const CAST = [
  ['success', 'ok', 'browser', 30],
  ['success', 'ok', 'device', 5],
  ['success', 'ok', 'amazon_token', 3],
  ['failure', 'access_denied', 'browser', 4],
  ['failure', 'code_rejected', 'browser', 6],
  ['failure', 'amazon_timeout', 'amazon_token', 2],
  ['failure', 'consent_revoked', 'token_refresh', 1],
] as const

/** A month in which the app was used. */
export async function fillFigures(url: string, app: string): Promise<void> {
  const store = openStore(url)
  const nowMs = Date.now()
  const times = [
    ...Array.from({ length: 30 }, (_, n) => nowMs - n * DAY),
    ...Array.from({ length: 12 }, (_, n) => nowMs - n * 4 * MINUTE),
  ]
  for (const atMs of times) await store.audit.append([], rollUp(...attemptsOf(app, atMs)))
  await store.close()
}

function attemptsOf(app: string, atMs: number): Parameters<typeof rollUp> {
  const attempts = CAST.flatMap(([outcome, reason, way, count]) =>
    Array.from({ length: count }, (_, n): CountedAttempt => {
      const amazonMs = reason === 'amazon_timeout' ? 9_000 : 120 + n * 17
      const isNew = outcome === 'success' && n % 7 === 0
      const event = { atMs, app, outcome, reason, way, isNew, amazonMs, tookMs: amazonMs + 4 }
      return { event, isOfApp: true, begunAtMs: way === 'browser' ? atMs : undefined }
    }),
  )
  return [attempts, [{ app, minuteMs: Math.floor(atMs / MINUTE) * MINUTE, count: 47 }]]
}
