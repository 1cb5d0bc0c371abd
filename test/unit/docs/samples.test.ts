import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse as parseYaml } from 'yaml'

import { loadConfig } from '../../../src/config/load-config'
import { type Block, blocksIn, blocksOf, PAGES, ROOT } from '../../support/docs/pages'

/** Languages that something looks at, or why nothing does. */
const LANGUAGES = {
  ts: 'test/types/samples.test.ts',
  js: 'test/types/samples.test.ts',
  html: 'test/types/samples.test.ts',
  sh: 'commands.test.ts',
  console: 'commands.test.ts',
  hocon: 'below',
  json: 'below',
  yaml: 'below',
  http: 'below',
  nginx: 'below',
  php: 'below',
  sql: 'run by test/integration/store/postgres-store.test.ts',
  text: 'nothing: drawings, and what programs say',
  before: 'nothing: code of other packages, as people have it',
  caddy: 'nothing: Caddy is not among what the tests need',
  kotlin: "nothing: its SDK is Amazon's, and not to be had in the tests",
  swift: "nothing: its SDK is Amazon's, and not to be had in the tests",
}

test('each block of a page says what language it is in', () => {
  const others = PAGES.flatMap(blocksOf).filter(({ language }) => !(language in LANGUAGES))
  expect(others.map(({ place, language }) => `${place} ${language}`)).toEqual([])
})

test.each(rows('hocon'))('%s is read without a warning of a key', async (_place, code) => {
  const names = Array.from(code.matchAll(/\$\{(\w+)\}/g), ([, name = '']) => name)
  const environment = Object.fromEntries(names.map((name) => [name, `${name}_`.repeat(8)]))
  const { warnings } = await loadConfig({ text: code, environment })
  expect(warnings.filter((warning) => /is not known|has no meaning/.test(warning))).toEqual([])
})

test('a misspelt key in a block would be told', async () => {
  const { warnings } = await loadConfig({
    text: 'para.public_ulr = x\npara.apps.shop.sigin_success = "/"',
    environment: {},
  })
  expect(warnings).toEqual([
    expect.stringContaining('has no meaning'),
    expect.stringContaining('is not known'),
  ])
})

test.each(rows('json'))('%s is JSON', (_place, code) => {
  expect(() => JSON.parse(code) as unknown).not.toThrow()
})

test('blocks of YAML are YAML', () => {
  for (const [place, code] of rows('yaml')) {
    expect([place, parseYaml(code)]).toEqual([place, expect.any(Object)])
  }
})

test.each(rows('http'))('%s asks for what the API has', (_place, code) => {
  const { paths } = parseYaml(readFileSync(join(ROOT, 'docs/openapi.yaml'), 'utf8')) as {
    paths: Record<string, object>
  }
  const asked = Array.from(code.matchAll(/^(GET|POST|PUT|PATCH|DELETE) +([^\s?]+)/gm))
  expect(asked).not.toEqual([])
  for (const [, method = '', path = ''] of asked) {
    const found = Object.keys(paths).find((known) =>
      new RegExp(`^${known.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path),
    )
    expect(found === undefined ? path : paths[found]).toHaveProperty(method.toLowerCase())
  }
})

describe('blocks that another program reads', () => {
  let folder: string
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'amazon-auth-samples-'))))
  afterAll(() => rmSync(folder, { recursive: true }))

  itWith('php')('PHP has nothing to say of its blocks', () => {
    for (const [place, code] of rows('php')) {
      const file = join(folder, 'block.php')
      writeFileSync(file, code.startsWith('<?php') ? code : `<?php\n${code}`)
      const { status, stdout } = spawnSync('php', ['-l', file], { encoding: 'utf8' })
      expect([place, status, stdout]).toEqual([place, 0, expect.any(String)])
    }
  })

  itWith('nginx')('nginx takes its blocks', () => {
    for (const [place, code] of rows('nginx')) {
      const file = join(folder, 'nginx.conf')
      writeFileSync(
        file,
        `pid ${folder}/pid; events {} http { access_log off; server { listen 127.0.0.1:1; ${code} } }`,
      )
      const args = ['-t', '-e', join(folder, 'error.log'), '-p', folder, '-c', file]
      const { status, stderr } = spawnSync('nginx', args, { encoding: 'utf8' })
      expect([place, status, stderr]).toEqual([place, 0, expect.stringContaining('is ok')])
    }
  })
})

function rows(language: string): readonly (readonly [string, string])[] {
  return blocksIn(language).map(({ place, code }: Block) => [place, code])
}

function itWith(program: string): jest.It {
  const isThere = spawnSync(program, ['-v']).error === undefined
  if (!isThere && process.env.CI !== 'true') console.warn(`${program} is not there: skipped`)
  return isThere || process.env.CI === 'true' ? test : test.skip
}
