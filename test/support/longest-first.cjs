// Begins with the files that take longest, so that none of them is still at work when all others are done: what Jest remembers
// of its last run a fresh clone has not, and sizes of files tell little.
const { statSync } = require('node:fs')
const { join, relative } = require('node:path')

const TESTS = join(__dirname, '..')
/** From the longest on: a minute to three of two processors. */
const LONGEST = [
  'package/tarball.long.test.ts',
  'safety/store-postgres.test.ts',
  'e2e/site.long.test.ts',
  'safety/store.test.ts',
  'safety/upstream.test.ts',
  'integration/server/init.long.test.ts',
  'e2e/looks.long.test.ts',
  'e2e/admin-looks.long.test.ts',
  'integration/admin/users-bulk.long.test.ts',
  'integration/nodes/kept-tokens.long.test.ts',
  'integration/nodes/nodes.long.test.ts',
  'e2e/demo.long.test.ts',
  'safety/secrets.test.ts',
  'e2e/admin-users.long.test.ts',
]
// A file that has another name now.
for (const name of LONGEST) statSync(join(TESTS, name))

module.exports = class LongestFirst {
  sort(tests) {
    const placed = tests.map((test) => [placeOf(test.path), test])
    return placed.sort(([one], [other]) => one - other).map(([, test]) => test)
  }

  cacheResults() {}
}

/** Negative for the longest; the others by their sizes. */
function placeOf(path) {
  const known = LONGEST.indexOf(relative(TESTS, path))
  return known < 0 ? 1 / statSync(path).size : known - LONGEST.length
}
