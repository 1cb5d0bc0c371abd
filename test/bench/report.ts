import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'

import { chart } from './chart'
import type { RaceOptions, Result } from './race'

const DOCS = join(__dirname, '../../docs')
const PAGE = join(DOCS, 'performance.md')
const BEGIN = '<!-- bench -->'
const END = '<!-- /bench -->'

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
  const [cpu] = cpus()
  const made = [
    `${options.rounds} rounds of ${options.logins} logins each, Node ${process.version}, ${cpus().length} × ${cpu?.model.trim() ?? 'unknown'}, ${new Date().toISOString().slice(0, 10)}; medians of the rounds.`,
    '![CPU time of a login, times the floor](images/performance.svg)',
    tableOf(results),
  ].join('\n\n')
  writeFileSync(join(DOCS, 'images/performance.svg'), chart(results))
  if (!existsSync(PAGE)) return
  const page = readFileSync(PAGE, 'utf8')
  const [before = '', rest = ''] = page.split(BEGIN)
  const [, after = ''] = rest.split(END)
  writeFileSync(PAGE, `${before}${BEGIN}\n\n${made}\n\n${END}${after}`)
}
