// Changes the code a little, one place after another, and looks whether a test notices.
// `npm run mutation` takes all pieces, `npm run mutation -- tokens` one. What has been found out before is kept in artifacts/mutation/.
import { Stryker } from '@stryker-mutator/core'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { PIECES } from './pieces.mjs'

const { jest } = JSON.parse(readFileSync('package.json', 'utf8'))
const asked = process.argv.slice(2)

for (const name of asked.length > 0 ? asked : Object.keys(PIECES)) {
  const { mutate, testMatch } = PIECES[name]
  const incrementalFile = `artifacts/mutation/${name}.incremental.json`
  forgetDoubtful(incrementalFile)
  await new Stryker({
    mutate,
    testRunner: 'jest',
    jest: { config: { ...jest, testMatch, reporters: [] }, enableFindRelatedTests: false },
    coverageAnalysis: 'perTest',
    concurrency: Number(process.env.MUTATION_CONCURRENCY ?? 1),
    // One that is merely slow would count as noticed.
    timeoutMS: 300_000,
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
