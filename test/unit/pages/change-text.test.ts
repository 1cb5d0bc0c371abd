import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { OPERATOR_ACTIONS, type OperatorAction } from '../../../src/audit/operator-action'
import { BULK_ACTIONS, eventOf, type BulkChange } from '../../../src/bulk/bulk-change'
import { changeText } from '../../../src/pages/admin/change-text'
import { ADMIN_CATALOGUES } from '../../../src/pages/admin/texts/catalogues'
import { EN } from '../../../src/pages/admin/texts/en'
import { html } from '../../../src/pages/html'

const SRC = join(__dirname, '../../../src')

const words: Readonly<Record<OperatorAction, string>> = EN.changes

test('every action of operators has its words, and nothing else has', () => {
  expect(Object.keys(words).sort()).toEqual([...OPERATOR_ACTIONS].sort())
})

test('what writes events of operators takes their names from the one list', () => {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  const writers = files
    .filter((file) => file.endsWith('.ts') && !file.startsWith('store'))
    .map((file) => [file, readFileSync(join(SRC, file), 'utf8')] as const)
    .filter(([, text]) => text.includes("way: 'operator'"))
  expect(writers.length).toBeGreaterThan(1)
  // What a change of many users writes is named in `bulk/`: the next test.
  const untyped = writers.filter(
    ([, text]) => !/\bOperatorAction\b|\.\.\.eventOf\(bulk\)/.test(text),
  )
  expect(untyped.map(([file]) => file)).toEqual([])
})

test('what is done to many users has the name that it has when it is done to one', () => {
  const bulk: BulkChange = {
    ...{ appId: 'acme', id: 'b1', action: 'lock', state: 'running', covers: { kind: 'all' } },
    ...{ actor: 'app:acme', total: 1, changed: 0, unchanged: 0, gone: 0 },
    ...{ missing: [], missingCount: 0, createdAtMs: 0, updatedAtMs: 0 },
    ...{ drivenUntilMs: 0, expiresAtMs: 0 },
  }
  const names = BULK_ACTIONS.map((action) => eventOf({ ...bulk, action }).reason)
  expect(names).toEqual(['user_locked', 'user_unlocked', 'user_signed_out', 'user_deleted'])
})

test.each(Array.from(ADMIN_CATALOGUES, ([language, load]) => [language, load()] as const))(
  'in %s no two actions are called the same',
  (_language, { changes }) => {
    expect(new Set(Object.values(changes)).size).toBe(OPERATOR_ACTIONS.length)
  },
)

test('an action without words is shown as it is, escaped, whatever its name', () => {
  const shown = (action: string) => html`${changeText(action, EN)}`.markup
  expect(shown('user_locked')).toBe('User locked')
  for (const name of ['user_cloned', 'toString', '__proto__']) {
    expect(shown(name)).toBe(`<code>${name}</code>`)
  }
  expect(shown('<b>')).toBe('<code>&#60;b&#62;</code>')
})
