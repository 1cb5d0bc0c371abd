import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { chart } from './chart'
import { describeRun } from './describe-run'
import type { RaceOptions, Result } from './race'
import { DOCS, writePart } from './write-part'

/** Results as a table in Markdown, each against the floor. */
export function tableOf(results: readonly Result[]): string {
  const floor = results.find(({ contender }) => contender.name === 'floor')?.cpuMs ?? NaN
  const rows = results.map(({ contender, cpuMs, spread, perSecond, rssMb }) =>
    [
      contender.title,
      contender.does,
      cpuMs.toFixed(2),
      spread.map((ms) => ms.toFixed(2)).join('–'),
      (cpuMs / floor).toFixed(1),
      perSecond.toFixed(0),
      rssMb.toFixed(0),
    ].join(' | '),
  )
  return [
    '| contender | what it does besides | CPU ms a login | slowest and fastest round | times the floor | logins a second | MB |',
    '|---|---|--:|--:|--:|--:|--:|',
    ...rows.map((row) => `| ${row} |`),
  ].join('\n')
}

/** Puts the results between the markers of docs/performance.md, and the chart beside it. */
export function writeReport(results: readonly Result[], options: RaceOptions): void {
  const made = [
    `${options.rounds} rounds of ${options.logins} logins each, after ${options.warmUp} to warm up; ${describeRun()}; medians of the rounds.`,
    '![CPU time of a login, times the floor](images/performance.svg)',
    tableOf(results),
  ].join('\n\n')
  writeFileSync(join(DOCS, 'images/performance.svg'), chart(results))
  writePart('bench', made)
}
