import type { Level, Result } from './check'

/** What doctor has found. */
export interface Report {
  /** The worst of all results. */
  readonly level: Level
  readonly results: readonly Result[]
  /** Id of the last app that was looked at, where others follow it; else null. */
  readonly lastKey: string | null
}

export function worstOf(results: readonly Pick<Result, 'level'>[]): Level {
  const has = (wanted: Level): boolean => results.some(({ level }) => level === wanted)
  if (has('failure')) return 'failure'
  return has('warning') ? 'warning' : 'ok'
}

/** A configuration that cannot be used, as a report. Nothing else can be looked at then. */
export function reportOnProblems(
  problems: readonly { readonly key: string; readonly origin: string; readonly problem: string }[],
): Report {
  const results = problems.map(({ key, origin, problem }): Result => {
    const seen = key === '' ? problem : `${key} ${problem}`
    const fix = 'Correct it: nothing starts before. docs/configuration.md has the keys.'
    const place = origin === 'default' ? {} : { origin }
    return { check: 'configuration', level: 'failure', seen, fix, ...place }
  })
  return { level: worstOf(results), results, lastKey: null }
}
