import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { aimsOf } from './aims'
import { chart } from './chart'
import { describeRun } from './describe-run'
import type { Start } from './measure-start'
import type { RaceOptions, Result } from './race'
import { DOCS, writePart } from './write-part'

/** What a run has shown. */
export interface Shown {
  readonly results: readonly Result[]
  /** One for each build. */
  readonly starts: readonly Start[]
}

/** All of it as tables in Markdown. */
export function describeShown({ results, starts }: Shown): string {
  const tables = [
    loginTable(results),
    otherTable(results),
    startTable(starts),
    aimTable(results, starts[0]),
  ]
  return tables.join('\n\n')
}

/** Puts the results between the markers of docs/performance.md, and the chart beside it. */
export function writeReport(shown: Shown, { rounds, logins, warmUp, core }: RaceOptions): void {
  const place =
    core === undefined
      ? 'server, driver and Amazon share the processors'
      : 'the server alone on one of them'
  const made = [
    `${rounds} rounds of ${logins} logins each, 16 at a time, after ${warmUp} to warm up; ${describeRun()}, ${place}; medians of the rounds, and of the ratios of each round.`,
    '![CPU time of a login, times the floor](images/performance.svg)',
    describeShown(shown),
  ].join('\n\n')
  writeFileSync(join(DOCS, 'images/performance.svg'), chart(shown.results))
  writePart('bench', made)
}

/** What the return leg costs, against the first contender. */
function loginTable(results: readonly Result[]): string {
  const rows = results.map(({ contender, cpuMs, spread, times, perSecond, rssMb }) => [
    contender.title,
    contender.does,
    cpuMs.toFixed(2),
    spread.map((ms) => ms.toFixed(2)).join('–'),
    times.toFixed(2),
    perSecond.toFixed(0),
    rssMb.toFixed(0),
  ])
  return table(
    'contender | what it does besides | CPU ms a login | slowest and fastest round | times the floor | logins a second | MB',
    2,
    rows,
  )
}

/** What beginning a login and a guarded route cost, of what a return does. */
function otherTable(results: readonly Result[]): string {
  const rows = results.map(({ contender, cpuMs, beginMs, guardedMs }) => [
    contender.title,
    `${beginMs.toFixed(3)} (${(beginMs / cpuMs).toFixed(2)})`,
    guardedMs === undefined
      ? '–'
      : `${guardedMs.toFixed(3)} (${(guardedMs / cpuMs).toFixed(2)}), by ${contender.guard}`,
  ])
  return table(
    'contender | begin, CPU ms (of a return) | `requireUser()`, CPU ms (of a return)',
    1,
    rows,
  )
}

function startTable(starts: readonly Start[]): string {
  const rows = starts.flatMap(({ build, loaded, ready }) => [
    [`\`require()\` ${build.name}`, loaded.cpuMs.toFixed(0), loaded.modules.toFixed(0)],
    [`until ready on SQLite ${build.name}`, ready.cpuMs.toFixed(0), ready.modules.toFixed(0)],
  ])
  return table('start of a host | CPU ms | modules', 1, rows)
}

function aimTable(results: readonly Result[], start: Start | undefined): string {
  const rows = aimsOf(results, start).map(({ title, value, atMost }) => [
    title,
    String(atMost),
    value.toFixed(value < 10 ? 2 : 0),
  ])
  return table('what is meant | at most | measured', 1, rows)
}

/** @param texts How many columns are text; the others are figures. */
function table(head: string, texts: number, rows: readonly (readonly string[])[]): string {
  const columns = head.split(' | ').map((_none, n) => (n < texts ? '---' : '--:'))
  return [
    `| ${head} |`,
    `|${columns.join('|')}|`,
    ...rows.map((row) => `| ${row.join(' | ')} |`),
  ].join('\n')
}

/** Each build against the first one, in the same rounds. */
export function describeBuilds(results: readonly Result[]): readonly string[] {
  return results
    .filter(({ build }) => build.name !== '')
    .map(
      ({ contender, build, timesFirstBuild }) =>
        `${contender.name}@${build.name}: ${timesFirstBuild.toFixed(3)} × the first build`,
    )
}
