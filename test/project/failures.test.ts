import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'

const ROOT = join(__dirname, '../..')
const FILES = {
  'good.test.js': `test('a fact', () => undefined)`,
  'bad.test.js': `
    test('another fact', () => undefined)
    describe('the part', () => { test('does what it says', () => { throw new Error('no') }) })`,
  'broken.test.js': `require('./not-there')`,
}

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'failures-'))
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text)
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Runs some of those files with our reporter; what it prints. */
function run(...files: string[]): Promise<string> {
  const config = {
    rootDir: folder,
    transform: {},
    reporters: [join(ROOT, 'test/support/summary-reporter.cjs')],
  }
  const jest = require.resolve('jest/bin/jest')
  const args = [jest, '--config', JSON.stringify(config), '--runInBand', ...files]
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: ROOT }, (_error, stdout) => resolve(stdout))
  })
}

const at = (name: string) => relative(ROOT, join(folder, name))

test('what has failed is named at the end, before the figures that close the run', async () => {
  const [, ending = ''] = (await run('bad', 'broken', 'good')).split('\nFailed:\n')
  expect(ending).toContain(`  ✗ ${at('bad.test.js')}: the part does what it says\n`)
  expect(ending).toContain(`  ✗ ${at('broken.test.js')}\n`)
  expect(ending.match(/✗/g)).toHaveLength(2)
  expect(ending).toMatch(/\n2 passed, 2 failed\n$/)
})

test('where nothing failed, nothing is named', async () => {
  expect(await run('good')).toBe('1 passed, 0 failed\n')
})
