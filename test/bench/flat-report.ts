import { describeRun } from './describe-run'
import type { FlatOptions, FlatResult } from './flat'
import { writePart } from './write-part'

/** Results as a table in Markdown, each world against the smallest of its store. */
export function flatTableOf(results: readonly FlatResult[]): string {
  const rows = results.map(({ store, world, times, ...seen }) =>
    [
      store === 'sqlite' ? 'SQLite' : 'PostgreSQL',
      world.apps.toLocaleString('en'),
      (world.apps * world.usersPerApp).toLocaleString('en'),
      `${seen.loginMs.toFixed(2)} (${times.loginMs.toFixed(2)})`,
      `${seen.p95Ms.toFixed(1)} (${times.p95Ms.toFixed(2)})`,
      `${seen.meMs.toFixed(3)} (${(seen.loginMs / seen.meMs).toFixed(1)})`,
      `${seen.verifyMs.toFixed(3)} (${(seen.loginMs / seen.verifyMs).toFixed(1)})`,
      seen.heapMb.toFixed(0),
      seen.rssMb.toFixed(0),
    ].join(' | '),
  )
  return [
    '| store | apps | users | CPU ms a login (times) | p95 ms (times) | CPU ms of `_me` (rate, in logins) | CPU ms of `requireUser()` (rate) | heap MB | resident MB |',
    '|---|--:|--:|--:|--:|--:|--:|--:|--:|',
    ...rows.map((row) => `| ${row} |`),
  ].join('\n')
}

/** Puts the results into docs/performance.md. */
export function writeFlatReport(results: readonly FlatResult[], options: FlatOptions): void {
  const made = [
    `${options.rounds} rounds of ${options.logins} logins each, ${describeRun()}; medians of the rounds, and of the ratios of each round.`,
    flatTableOf(results),
  ].join('\n\n')
  writePart('flat', made)
}
