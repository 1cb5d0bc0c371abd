import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { KNOWN_SETTINGS } from '../../../src/apps/known-settings'
import { readPage, ROOT } from '../../support/docs/pages'
import { errorsPage, keysPage } from '../../support/docs/tables'

test('docs/errors.md has every error with its status, message and fix (else: npm run docs:tables)', () => {
  expect(readPage('docs/errors.md')).toBe(errorsPage())
})

test('docs/keys.md has every key of the configuration (else: npm run docs:tables)', () => {
  expect(readPage('docs/keys.md')).toBe(keysPage())
})

test('docs/settings.md has every setting of an app, and no other', () => {
  const [, table = ''] = /## All of them\n\n([\s\S]*?)\n\n/.exec(readPage('docs/settings.md')) ?? []
  const told = table
    .split('\n')
    .slice(2)
    .flatMap((row) =>
      Array.from((row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g), ([, name]) => name),
    )
  expect(new Set(told)).toEqual(new Set(KNOWN_SETTINGS.keys()))
})

test('messages of ours in docs/troubleshooting.md are in the code, word by word', () => {
  const [, ours = ''] = readPage('docs/troubleshooting.md').split(
    '## In the log, or at the start\n',
  )
  const messages = Array.from(ours.matchAll(/^### (.*)$/gm), ([, heading = '']) => heading)
    .flatMap((heading) => Array.from(heading.matchAll(/`([^`]+)`/g), ([, text = '']) => text))
    .filter((text) => !/^(?:Cannot find module|Property 'user'|express-amazon-auth)/.test(text))
  expect(messages.length).toBeGreaterThan(10)
  const code = sourceTexts()
  const absent = messages.filter((message) =>
    message.split('…').some((part) => !code.includes(part.trim())),
  )
  expect(absent).toEqual([])
})

/** All of src/, with texts that are put together from several lines in one. */
function sourceTexts(): string {
  return readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(ROOT, 'src', name), 'utf8'))
    .join('\n')
    .replaceAll(/['`] \+\s*['`]/g, '')
}
