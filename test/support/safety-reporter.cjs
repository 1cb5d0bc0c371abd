// Prints the safety table: each row, what was tried, what was seen, pass or fail. A row without a test fails the run.
// With SAFETY=long the table goes into docs/reliability.md, too.
require('./register-ts.cjs')
const { execFileSync } = require('node:child_process')
const { cpus, totalmem } = require('node:os')
const { existsSync, readFileSync, rmSync, writeFileSync } = require('node:fs')
const { basename, join } = require('node:path')
const { failuresOf, tellFailures } = require('./name-failures.cjs')
const { ROWS } = require('../safety/rows.ts')

const ROOT = join(__dirname, '../..')
const FOLDER = join(ROOT, 'artifacts/safety')
const REPORT = join(ROOT, 'docs/reliability.md')
const MARKS = /(<!-- table -->\n)[^]*(<!-- \/table -->)/
const ID = /\b(?:[LTSJUDFKO]\d{1,2})\b/g

module.exports = class SafetyReporter {
  constructor(globalConfig) {
    this.isWhole =
      globalConfig.testPathPatterns.patterns.length === 0 && !globalConfig.testNamePattern
    this.error = undefined
  }

  onRunStart() {
    rmSync(FOLDER, { recursive: true, force: true })
  }

  onTestFileStart({ path }) {
    console.log(`… ${basename(path)}`)
  }

  onTestResult({ path }, { testResults, testExecError }) {
    const failed = testResults.filter(({ status }) => status === 'failed')
    const seconds = testResults.reduce((sum, { duration }) => sum + (duration ?? 0), 0) / 1000
    console.log(
      `  ${basename(path)}: ${testResults.length} tests, ${failed.length} failed, ${seconds.toFixed(0)} s`,
    )
    if (testExecError) console.log(testExecError.message ?? testExecError)
    for (const { fullName, failureMessages } of failed) {
      console.log(`\n✗ ${fullName}\n${failureMessages.join('\n')}\n`)
    }
  }

  onRunComplete(_contexts, results) {
    const rows = results.testResults.flatMap(rowsOf)
    const present = new Set(rows.flatMap(({ ids }) => ids))
    const missing = Object.keys(ROWS).filter((id) => !present.has(id))
    rows.sort((a, b) => order(a.ids[0]) - order(b.ids[0]))
    for (const { ids, tried, seen, status } of rows) {
      console.log(`${MARK[status] ?? '–'} ${ids.join(' ')}  ${tried}\n      ${seen}`)
    }
    if (this.isWhole && missing.length > 0) {
      this.error = new Error(`rows without a test: ${missing.join(', ')}`)
    }
    if (process.env.SAFETY === 'long') writeReport(rows, this.isWhole)
    const failed = Math.max(results.numFailedTests, results.numFailedTestSuites)
    const skipped = results.numPendingTests > 0 ? `, ${results.numPendingTests} skipped` : ''
    const failures = failuresOf(results)
    if (this.error) failures.push(this.error.message)
    process.once('exit', () => {
      tellFailures(failures)
      console.log(`\n${present.size} of ${Object.keys(ROWS).length} rows`)
      console.log(`${results.numPassedTests} passed, ${failed} failed${skipped}`)
    })
  }

  getLastError() {
    return this.error
  }
}

const MARK = { passed: '✓', failed: '✗' }

function order(id) {
  return Object.keys(ROWS).indexOf(id)
}

function rowsOf({ testFilePath, testResults }) {
  const seen = readSeen(join(FOLDER, `${basename(testFilePath, '.test.ts')}.jsonl`))
  return testResults.flatMap(({ ancestorTitles, fullName, title, status, failureMessages }) => {
    const ids = Array.from(title.matchAll(ID), ([id]) => id).filter((id) => id in ROWS)
    if (ids.length === 0) return []
    const tried = [...ancestorTitles, title.replace(ids.join(' ') + ' ', '')].join(': ')
    const failure = failureMessages[0]?.split('\n', 1)[0]
    return [{ ids, tried, status, seen: failure ?? seen.get(fullName) ?? `(${status})` }]
  })
}

function readSeen(file) {
  if (!existsSync(file)) return new Map()
  const lines = readFileSync(file, 'utf8').trim().split('\n')
  return new Map(lines.map((line) => JSON.parse(line)).map(({ title, seen }) => [title, seen]))
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
