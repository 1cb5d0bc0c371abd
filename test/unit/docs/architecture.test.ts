import { readdirSync } from 'node:fs'
import { join } from 'node:path'

import { readPage, ROOT } from '../../support/docs/pages'

const SOURCE = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })

test.each(['README.md', 'CONTRIBUTING.md', 'docs/architecture.md'])(
  'every file of src/ that %s names is there',
  (page) => {
    const named = Array.from(
      readPage(page).matchAll(/(?<![\w./-])(?:[\w-]+\/)*[\w-]+\.ts\b/g),
      String,
    )
    const ofSource = named.filter((name) => !name.startsWith('test/'))
    const isThere = (name: string): boolean =>
      SOURCE.some((path) => `/src/${path}`.endsWith(`/${name}`))
    expect(ofSource.length).toBeGreaterThan(5)
    expect(ofSource.filter((name) => !isThere(name))).toEqual([])
  },
)

test('the table of folders in docs/architecture.md has every folder of src/', () => {
  const page = readPage('docs/architecture.md')
  const folders = readdirSync(join(ROOT, 'src'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
  expect(folders.filter((name) => !page.includes(`\`src/${name}/\``))).toEqual([])
})
