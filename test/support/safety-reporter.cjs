// Tells what a run of the safety table does, and leaves its rows to safety.cjs.
require('./register-ts.cjs')
const { existsSync, readFileSync } = require('node:fs')
const { basename, join } = require('node:path')
const { ROWS } = require('../safety/rows.ts')
const { failuresOf } = require('./name-failures.cjs')

const FOLDER = join(__dirname, '../../artifacts/safety')
const ID = /\b(?:[LTSJUDFKO]\d{1,2})\b/g

module.exports = class SafetyReporter {
  onTestFileStart({ path }) {
    console.log(`… ${basename(path)}`)
  }

  onTestFileResult({ path }, { testResults, testExecError, perfStats }) {
    const failed = testResults.filter(({ status }) => status === 'failed')
    const seconds = (perfStats.runtime / 1000).toFixed(0)
    console.log(
      `  ${basename(path)}: ${testResults.length} tests, ${failed.length} failed, ${seconds} s`,
    )
    if (testExecError) console.log(testExecError.message ?? testExecError)
    for (const { fullName, failureMessages } of failed) {
      console.log(`\n✗ ${fullName}\n${failureMessages.join('\n')}\n`)
    }
  }

  onRunComplete(_contexts, results) {
    const { numPassedTests, numFailedTests, numPendingTests, numFailedTestSuites } = results
    process.send({
      passed: numPassedTests,
      failed: Math.max(numFailedTests, numFailedTestSuites),
      skipped: numPendingTests,
      rows: results.testResults.flatMap(rowsOf),
      failures: failuresOf(results),
    })
  }
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
