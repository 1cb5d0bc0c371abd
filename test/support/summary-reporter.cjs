// Closes a run with one line that machines can read: "812 passed, 0 failed", and names before it what has failed.
// A process that wants the figures has them by IPC.
const { failuresOf, tellFailures } = require('./name-failures.cjs')

module.exports = class SummaryReporter {
  onRunComplete(_contexts, results) {
    const { numPassedTests, numFailedTests, numPendingTests, numFailedTestSuites } = results
    const failures = failuresOf(results)
    // A suite that cannot even start has no tests to fail.
    const failed = Math.max(numFailedTests, numFailedTestSuites)
    if (process.send) {
      process.send({ passed: numPassedTests, failed, skipped: numPendingTests, failures })
      return
    }
    const skipped = numPendingTests > 0 ? `, ${numPendingTests} skipped` : ''
    process.once('exit', () => {
      tellFailures(failures)
      console.log(`${numPassedTests} passed, ${failed} failed${skipped}`)
    })
  }
}
