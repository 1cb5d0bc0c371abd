// Changes the code a little, one place after another, and looks whether a test notices.
// `npm run mutation` takes all pieces, `npm run mutation -- tokens` one. What has been found out before is kept in artifacts/mutation/.
import { Stryker } from '@stryker-mutator/core'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PIECES } from './pieces.mjs'

const asked = process.argv.slice(2)

for (const name of asked.length > 0 ? asked : Object.keys(PIECES)) {
  const { mutate, tests } = PIECES[name]
  const incrementalFile = `artifacts/mutation/${name}.incremental.json`
  forgetDoubtful(incrementalFile)
  await new Stryker({
    mutate,
    plugins: ['./test/mutation/in-process-runner.mjs'],
    testRunner: 'in-process',
    inProcess: { tests: tests.flatMap(testFiles) },
    coverageAnalysis: 'perTest',
    concurrency: Number(process.env.MUTATION_CONCURRENCY ?? 1),
    // One that is merely slow would count as noticed.
    timeoutMS: 60_000,
    dryRunTimeoutMinutes: 15,
    incremental: true,
    incrementalFile,
    reporters: ['progress-append-only', 'clear-text', 'html', 'json'],
    clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
    htmlReporter: { fileName: `artifacts/mutation/${name}.html` },
    jsonReporter: { fileName: `artifacts/mutation/${name}.json` },
    tempDirName: 'artifacts/mutation/sandboxes',
    ignorePatterns: ['dist', 'docs', 'artifacts', 'test/bench', 'test/mutation'],
  }).runMutationTest()
}

function testFiles(path) {
  if (path.endsWith('.test.ts')) return [path]
  return readdirSync(path)
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join(path, name))
}

/** What was found out of code that runs when a file is loaded is kept whatever tests come later, and a time-out may come of a busy machine. */
function forgetDoubtful(file) {
  if (!existsSync(file)) return
  const report = JSON.parse(readFileSync(file, 'utf8'))
  for (const one of Object.values(report.files)) {
    one.mutants = one.mutants.filter(
      ({ status, static: isStatic }) =>
        status !== 'Timeout' && !(status === 'Survived' && isStatic === true),
    )
  }
  writeFileSync(file, JSON.stringify(report))
}
