import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const PROGRAM = join(__dirname, '../../.ci/check-release.cjs')
const REPOSITORY = { repository: { type: 'git', url: 'git+https://github.com/shop/auth.git' } }

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'release-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

interface Project {
  readonly version?: string
  readonly locked?: string
  readonly changelog?: string
  readonly repository?: object
}

/** A project, and what the program says of its release. */
function check(tag: string, project: Project = {}, onGitHub?: string) {
  const { version = '1.2.3', locked = version, repository } = project
  const { changelog = `## [${version}] - 2026-11-29\n\n- A fact\n` } = project
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text)
  write('package.json', JSON.stringify({ version, repository }))
  write('package-lock.json', JSON.stringify({ version: locked }))
  write(
    'CHANGELOG.md',
    `# Changelog\n\n## [Unreleased]\n\n- Later\n\n${changelog}\n## [0.1.0] - 2026-01-01\n\n- Old\n`,
  )
  const env = { ...process.env, GITHUB_REPOSITORY: onGitHub }
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, tag], {
    cwd: folder,
    env,
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

test('where tag, version and CHANGELOG agree, the entry becomes the notes', () => {
  expect(check('v1.2.3')).toEqual({ status: 0, stdout: 'dist-tag=latest\n', stderr: '' })
  expect(readFileSync(join(folder, 'artifacts/release-notes.md'), 'utf8')).toBe('- A fact\n')
})

test('a version that comes before another is no latest one', () => {
  expect(check('v2.0.0-rc.1', { version: '2.0.0-rc.1' })).toMatchObject({
    stdout: 'dist-tag=next\n',
  })
})

test.each([
  ['another tag', check.bind(null, '1.2.3'), /the tag is 1\.2\.3, .* tag v1\.2\.3/],
  ['another lock', () => check('v1.2.3', { locked: '1.2.2' }), /package-lock\.json has 1\.2\.2/],
  ['no entry', () => check('v1.2.3', { changelog: '' }), /CHANGELOG\.md has no/],
  [
    'no date',
    () => check('v1.2.3', { changelog: '## [1.2.3]\n\n- A fact\n' }),
    /CHANGELOG\.md has no/,
  ],
  [
    'an empty entry',
    () => check('v1.2.3', { changelog: '## [1.2.3] - 2026-11-29\n' }),
    /CHANGELOG\.md has no/,
  ],
])('%s is refused, with what to do', (_name, refuse, problem) => {
  const { status, stdout, stderr } = refuse()
  expect([status, stdout]).toEqual([1, ''])
  expect(stderr).toMatch(problem)
})

test('on GitHub, package.json must name the repository that it is released from, as npm insists', () => {
  expect(check('v1.2.3', REPOSITORY, 'shop/auth')).toMatchObject({ status: 0 })
  expect(check('v1.2.3', REPOSITORY, 'shop/other').stderr).toMatch('is not shop/other')
  expect(check('v1.2.3', {}, 'shop/auth').stderr).toMatch('is not shop/auth')
})
