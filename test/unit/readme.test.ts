import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { ERRORS } from '../../src'

const README = readFileSync(join(__dirname, '../../README.md'), 'utf8')

describe('the README', () => {
  test('has every error code with its status and message, and no other', () => {
    const [, table = ''] = /<!-- errors -->\n([\s\S]*?)<!-- \/errors -->/.exec(README) ?? []
    const rows = Object.entries(ERRORS).map(
      ([code, { status, message }]) => `| \`${code}\` | ${status} | ${message} |`,
    )
    expect(table.trim().split('\n').slice(2)).toEqual(rows)
  })

  test('names only scripts and files that are there', () => {
    const { scripts } = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8')) as {
      scripts: Record<string, string>
    }
    for (const [, script = ''] of README.matchAll(/npm run ([a-z-]+)/g)) {
      expect(Object.keys(scripts)).toContain(script)
    }
    for (const [, path = ''] of README.matchAll(/\]\(((?:src|docs|examples)\/[^)#]+)/g)) {
      expect(() => readFileSync(join(__dirname, '../..', path))).not.toThrow()
    }
  })
})
