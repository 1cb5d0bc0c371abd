// Refuses a release whose tag, version and CHANGELOG differ, or that npm would refuse half-way: `node .ci/check-release.cjs v1.2.3`.
// Prints `dist-tag=…`, and leaves the entry of the CHANGELOG in artifacts/release-notes.md.
const { mkdirSync, readFileSync, writeFileSync } = require('node:fs')

const [tag = ''] = process.argv.slice(2)
const { version, repository } = JSON.parse(readFileSync('package.json', 'utf8'))
const locked = JSON.parse(readFileSync('package-lock.json', 'utf8')).version
const entry = entryOf(version, readFileSync('CHANGELOG.md', 'utf8'))

const mistakes = [
  tag !== `v${version}` &&
    `the tag is ${tag || 'missing'}, and package.json has ${version}: tag v${version}`,
  locked !== version && `package-lock.json has ${locked}: run npm install`,
  entry === undefined &&
    `CHANGELOG.md has no "## [${version}] - YYYY-MM-DD" with an entry: move what is under [Unreleased] there`,
  !isRepository(process.env.GITHUB_REPOSITORY) &&
    `"repository" of package.json is not ${process.env.GITHUB_REPOSITORY}, where this runs: npm compares it with the provenance`,
].filter(Boolean)

if (mistakes.length > 0) {
  for (const mistake of mistakes) console.error(`✗ ${mistake}`)
  process.exit(1)
}
mkdirSync('artifacts', { recursive: true })
writeFileSync('artifacts/release-notes.md', entry)
console.log(`dist-tag=${version.includes('-') ? 'next' : 'latest'}`)

/** What the CHANGELOG says under a version with a date. */
function entryOf(wanted, changelog) {
  for (const section of changelog.split(/^## /m)) {
    const [, name] = /^\[(.+)\] - \d{4}-\d\d-\d\d$/m.exec(section.split('\n', 1)[0]) ?? []
    const text = section.slice(section.indexOf('\n')).trim()
    if (name === wanted && text !== '') return `${text}\n`
  }
  return undefined
}

function isRepository(name) {
  const url = typeof repository === 'string' ? repository : repository?.url
  return name === undefined || new RegExp(`[/:]${name}(\\.git)?$`, 'i').test(url ?? '')
}
