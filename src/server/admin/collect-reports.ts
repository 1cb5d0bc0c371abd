import type { Result } from '../../doctor/check'
import type { Report } from '../../doctor/report'
import { showProgress } from '../show-progress'

/** Gives one page of a report. */
export type Ask = (page: {
  readonly app: string | undefined
  readonly lastKey: string
  readonly offline: boolean
  readonly limitMs: number
  readonly onProgress: (done: number, total: number) => void
}) => Promise<Report>

/** What has been found so far. */
export interface Examined {
  results: Result[]
  /** Results that are in order, and not kept: of many apps, they are only counted. */
  left: number
  apps: number
  outOfTime?: Result
}

/** Of more apps, what is in order is only counted. */
const MAX_SHOWN_APPS = 20

interface CollectOptions {
  readonly offline?: true
  /** Seconds. */
  readonly timeout: number
  /** Everything is kept. */
  readonly json?: true
}

/** Page by page. What others are asked has one limit for all. */
export async function collect(
  ask: Ask,
  app: string | undefined,
  { offline, timeout, json }: CollectOptions,
): Promise<Examined> {
  const endsAtMs = performance.now() + timeout * 1000
  const progress = showProgress('checks')
  const examined: Examined = { results: [], left: 0, apps: 0 }
  let done = 0
  let lastKey: string | null = ''
  const isOver = (): boolean => performance.now() >= endsAtMs
  try {
    while (lastKey !== null) {
      const before = done
      const page: Report = await ask({
        app,
        lastKey,
        offline: offline === true || isOver(),
        limitMs: Math.max(0, endsAtMs - performance.now()),
        onProgress(ofPage, total) {
          done = before + ofPage
          progress.show(done, before + total)
        },
      })
      takeUp(page.results, examined, json === true)
      if (page.lastKey !== null && isOver() && offline !== true) {
        examined.outOfTime ??= outOfTime(page.lastKey)
      }
      ;({ lastKey } = page)
    }
  } finally {
    progress.end()
  }
  return examined
}

function takeUp(results: readonly Result[], examined: Examined, isAll: boolean): void {
  examined.apps += new Set(results.map(({ app }) => app).filter((app) => app !== undefined)).size
  const isNeeded = ({ app, level }: Result): boolean =>
    isAll || examined.apps <= MAX_SHOWN_APPS || app === undefined || level !== 'ok'
  for (const result of results) {
    if (isNeeded(result)) examined.results.push(result)
    else examined.left += 1
  }
}

function outOfTime(afterId: string): Result {
  const seen = `Amazon was not asked about the apps behind ${afterId}: the time was over`
  const fix = 'Give it longer: --timeout 600.'
  return { check: 'credentials', level: 'warning', seen, fix }
}
