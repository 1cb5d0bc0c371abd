// Says once more at the end of a run what has failed: the middle of a long log is cut, and closing figures name nothing.
const { relative } = require('node:path')

/** The failed tests of a run, each as file and name; a file that could not even start, as the file. */
function failuresOf({ testResults: files }) {
  return files.flatMap(({ testFilePath, testResults, failureMessage }) => {
    const file = relative(process.cwd(), testFilePath)
    const failed = testResults.filter(({ status }) => status === 'failed')
    if (failed.length === 0 && failureMessage) return [file]
    return failed.map(({ fullName }) => `${file}: ${fullName}`)
  })
}

/** `.ci/run` looks for these lines. */
function tellFailures(names) {
  if (names.length > 0) console.log(`\nFailed:\n${names.map((name) => `  ✗ ${name}`).join('\n')}\n`)
}

module.exports = { failuresOf, tellFailures }
