import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const ROOT = resolve(__dirname, '../..')
const PAGE = readFileSync(join(ROOT, 'docs/examples.md'), 'utf8')
const ROWS = Array.from(PAGE.matchAll(/^\| \[([\w-]+)\]\(\.\.\/([^)]+)\) \| (.+) \| (.+) \|$/gm))
const FOLDERS = readdirSync(join(ROOT, 'examples'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)

test('docs/examples.md has each example, and no other, with a command that starts a file of it', () => {
  expect(ROWS.map(([, name]) => name).sort()).toEqual(FOLDERS.toSorted())
  for (const [, name = '', file = '', , command = ''] of ROWS) {
    expect(file).toMatch(`examples/${name}/`)
    expect(existsSync(join(ROOT, file))).toBe(true)
    for (const [path] of command.matchAll(/examples\/[\w./-]+/g)) {
      expect(existsSync(join(ROOT, path))).toBe(true)
    }
  }
})

test('each program of an example says at its head how it is started, as the page has it', () => {
  for (const [, , , , command = ''] of ROWS) {
    const [, line = ''] = /^`(node (?:--import \S+ )?(?:\S+ )?(\S+))`/.exec(command) ?? []
    const [file] = /examples\/[\w-]+\/[\w.]+mjs$/.exec(line) ?? []
    if (file === undefined) continue
    const [head = ''] = readFileSync(join(ROOT, file), 'utf8').split('\nimport')
    expect(head.startsWith('// ')).toBe(true)
    expect(head).toContain(line)
  }
})

test('each example is run by a test, which names it', () => {
  const tests = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts') && !name.includes('node_modules'))
    .map((name) => readFileSync(join(ROOT, 'test', name), 'utf8'))
    .filter((text) => text.includes('examples'))
  const isNamed = (example: string): boolean =>
    tests.some((text) =>
      new RegExp(`examples/${example}['" ]|'?\\b${example}'?: '\\w+\\.mjs'`).test(text),
    )
  expect(FOLDERS.filter((example) => !isNamed(example))).toEqual([])
})
