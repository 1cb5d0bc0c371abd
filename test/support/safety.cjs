// Runs the safety table and all other long tests, prints the table (each row, what was tried, what was seen, pass or fail),
// names what failed, and closes with one line. A row without a test fails the run. With SAFETY=long the rows alone are run, in
// their full length, and the table goes into docs/reliability.md, too. Arguments name files, as those of jest do.
require('./register-ts.cjs')
const { execFileSync, spawn } = require('node:child_process')
const { once } = require('node:events')
const { readFileSync, rmSync, writeFileSync } = require('node:fs')
const { cpus, totalmem } = require('node:os')
const { join } = require('node:path')
const { ROWS } = require('../safety/rows.ts')
const { tellFailures } = require('./name-failures.cjs')
const { WORKERS } = require('./workers.cjs')

const ROOT = join(__dirname, '../..')
const REPORT = join(ROOT, 'docs/reliability.md')
const MARKS = /(<!-- table -->\n)[^]*(<!-- \/table -->)/
const MARK = { passed: '✓', failed: '✗' }
const IS_LONG = process.env.SAFETY === 'long'
/** What measures the load of the machine, and so has nothing beside it. */
const ALONE = '\\.alone\\.test\\.ts$'
const RUNS = IS_LONG
  ? [['--testMatch', '**/safety/*.test.ts', '--runInBand']]
  : [
      [
        '--testMatch',
        '**/safety/*.test.ts',
        '**/*.long.test.ts',
        '--testPathIgnorePatterns',
        ALONE,
        '--testSequencer',
        join(__dirname, 'longest-first.cjs'),
        '--maxWorkers',
        String(WORKERS),
      ],
      ['--testMatch', '**/*.alone.test.ts', '--runInBand'],
    ]

main(process.argv.slice(2))

async function main(chosen) {
  rmSync(join(ROOT, 'artifacts/safety'), { recursive: true, force: true })
  const runs = []
  for (const run of RUNS) runs.push(await runJest(run, chosen))
  const of = (what) => runs.flatMap((run) => run[what])
  const sum = (what) => of(what).reduce((total, count) => total + count, 0)

  const rows = of('rows').sort((a, b) => order(a.ids[0]) - order(b.ids[0]))
  for (const { ids, tried, seen, status } of rows) {
    console.log(`${MARK[status] ?? '–'} ${ids.join(' ')}  ${tried}\n      ${seen}`)
  }
  const isWhole = chosen.length === 0
  if (IS_LONG) writeReport(rows, isWhole)

  const present = new Set(rows.flatMap(({ ids }) => ids))
  const missing = isWhole ? Object.keys(ROWS).filter((id) => !present.has(id)) : []
  console.log(`\n${present.size} of ${Object.keys(ROWS).length} rows`)
  const untested = missing.map((id) => `row ${id}: no test`)
  tellFailures([...of('failures'), ...untested])
  const failed = sum('failed') + missing.length
  process.exitCode = failed > 0 ? 1 : 0
  const skipped = sum('skipped') > 0 ? `, ${sum('skipped')} skipped` : ''
  console.log(`${sum('passed')} passed, ${failed} failed${skipped}`)
}

async function runJest(files, chosen) {
  const how = ['--ci', '--passWithNoTests', '--reporters', join(__dirname, 'safety-reporter.cjs')]
  // Patterns of files stand behind all options that take lists.
  const all = [...how, '--testPathIgnorePatterns', '/node_modules/', ...files, '--', ...chosen]
  const child = spawn(process.execPath, [require.resolve('jest/bin/jest'), ...all], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  })
  let told
  child.on('message', (results) => (told = results))
  const [code, signal] = await once(child, 'close')
  if (told !== undefined && (code === 0 || told.failed > 0)) return told
  const failure = `the tests ended by ${signal ?? `status ${code}`}, and not all of them were run`
  const { passed = 0, failed = 0, skipped = 0, rows = [], failures = [] } = told ?? {}
  return { passed, failed: failed + 1, skipped, rows, failures: [...failures, failure] }
}

function order(id) {
  return Object.keys(ROWS).indexOf(id)
}

/** Replaces the whole table, or (after a part of the run) only what that part has run. */
function writeReport(rows, isWhole) {
  const text = readFileSync(REPORT, 'utf8')
  const fresh = rows.filter(({ status }) => isWhole || status !== 'pending').map(tableLine)
  const told = new Set(fresh.map(nameOf))
  const [, , kept = ''] = isWhole
    ? []
    : (/(<!-- table -->\n)([^]*)<!-- \/table -->/.exec(text) ?? [])
  const old = kept
    .split('\n')
    .filter((line) => /^\| [LTSJUDFKO]\d/.test(line) && !told.has(nameOf(line)))
  const lines = [...old, ...fresh].sort((a, b) => order(idOf(a)) - order(idOf(b)))
  const table = ['| row | what was done | what was seen | |', '|---|---|---|---|', ...lines].join(
    '\n',
  )
  writeFileSync(
    REPORT,
    text.replace(MARKS, (_all, start, end) => `${start}\n${machine()}\n\n${table}\n\n${end}`),
  )
}

/** Which row of the safety table it is, and which of its tests. */
function nameOf(line) {
  return line.split(' | ', 2).join(' ')
}

function idOf(line) {
  return /[LTSJUDFKO]\d{1,2}/.exec(line)[0]
}

function tableLine({ ids, tried, seen, status }) {
  return `| ${ids.join(' ')} | ${cell(tried)} | ${cell(seen)} | ${MARK[status] ?? status} |`
}

function cell(text) {
  return text.replace(/\|/g, '\\|').replace(/\s+/g, ' ').replace(/</g, '&lt;')
}

function machine() {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: ROOT })
    .toString()
    .trim()
  const date = new Date().toISOString().slice(0, 10)
  const memory = Math.round(totalmem() / 2 ** 30)
  return `${date}, commit ${commit}, Node ${process.versions.node}, ${cpus().length} × ${cpus()[0].model}, ${memory} GiB.`
}
