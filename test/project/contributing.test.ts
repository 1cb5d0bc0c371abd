import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(__dirname, '../..')
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8')
const contributing = read('CONTRIBUTING.md')

test('every command of package.json is told, and no other', () => {
  const { scripts } = JSON.parse(read('package.json'))
  // What npm itself runs at an install.
  delete scripts.prepare
  const told = Array.from(
    contributing.matchAll(/^\| `([\w:-]+)` +\| .*\w.* \|$/gm),
    ([, name]) => name,
  )
  expect(told.sort()).toEqual(Object.keys(scripts).sort())
})

test.each(['CONTRIBUTING.md', 'SECURITY.md'])('what %s leads to is there', (file) => {
  const text = read(file)
  const links = Array.from(text.matchAll(/\]\((?!https?:)([^)#]+)/g), ([, path]) => path)
  const named = Array.from(
    text.matchAll(/`((?:src|test|docs|config|\.ci|\.github)\/[\w./-]*)`/g),
    ([, path]) => path,
  )
  const missing = [...links, ...named].filter((path) => !existsSync(join(ROOT, path ?? '')))
  expect(links.length + named.length).toBeGreaterThan(2)
  expect(missing).toEqual([])
})
