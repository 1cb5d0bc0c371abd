// Runs lint and types beside the tests, which go before them, and closes with one line that counts all three.
const { spawn } = require('node:child_process')
const { once } = require('node:events')
const { setPriority } = require('node:os')
const { tellFailures } = require('./name-failures.cjs')
const { WORKERS } = require('./workers.cjs')

const CHECKS = ['lint', 'types']
/** They may not hold up what waits for the time of a clock, and are to be over when the tests are. */
const NICENESS = 5

main(process.argv.slice(2))

async function main(testArguments) {
  const checking = Promise.all(CHECKS.map(runCheck))
  const tests = await runTests(testArguments)
  const checks = await checking
  const bad = checks.filter(({ isGood }) => !isGood)
  for (const { name, output } of bad) console.log(`\nnpm run ${name}\n${output}`)
  const passed = tests.passed + checks.length - bad.length
  const failed = tests.failed + bad.length
  const skipped = tests.skipped > 0 ? `, ${tests.skipped} skipped` : ''
  process.exitCode = failed > 0 ? 1 : 0
  tellFailures([...tests.failures, ...bad.map(({ name }) => `npm run ${name}`)])
  console.log(`${passed} passed, ${failed} failed${skipped}`)
}

/** The figures of the tests, as summary-reporter.cjs tells them. */
async function runTests(testArguments) {
  const jest = require.resolve('jest/bin/jest')
  const child = spawn(process.execPath, [jest, '--maxWorkers', String(WORKERS), ...testArguments], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  })
  let told = { passed: 0, failed: 0, skipped: 0, failures: [] }
  child.on('message', (figures) => (told = figures))
  const [code, signal] = await once(child, 'close')
  if (code === 0 || told.failed > 0) return told
  const end = `the tests ended by ${signal ?? `status ${code}`}, and not all of them were run`
  return { ...told, failed: told.failed + 1, failures: [...told.failures, end] }
}

async function runCheck(name) {
  const child = spawn('npm', ['run', '--silent', name], { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => (output += text))
  }
  setPriority(child.pid, NICENESS)
  const [code] = await once(child, 'close')
  return { name, output, isGood: code === 0 }
}
