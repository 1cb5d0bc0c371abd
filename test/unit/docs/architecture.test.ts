import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'

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

test('every file of src/ that a comment there names is there', () => {
  const names = new Set(SOURCE.map((path) => basename(path)))
  const missing = SOURCE.filter((path) => path.endsWith('.ts')).flatMap((path) => {
    const comments = readPage(`src/${path}`).match(/\/\*\*[^]*?\*\/|\/\/ .*/g) ?? []
    const named = comments.join('\n').match(/(?<![\w/.-])(?:[\w-]+\/)*[\w-]+\.ts\b/g) ?? []
    return named.filter((name) => !names.has(basename(name))).map((name) => `${path}: ${name}`)
  })
  expect(missing).toEqual([])
})

test('the table of folders in docs/architecture.md has every folder of src/', () => {
  const page = readPage('docs/architecture.md')
  const folders = readdirSync(join(ROOT, 'src'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
  expect(folders.filter((name) => !page.includes(`\`src/${name}/\``))).toEqual([])
})
