import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { KNOWN_SETTINGS } from '../../../src/apps/known-settings'
import { isBlank } from '../../../src/apps/value-formats'
import { PLACED_KEYS } from '../../../src/config/key-names'
import { loadConfig } from '../../../src/config/load-config'
import { parseHocon } from '../../../src/config/parse-hocon'
import { readFileValues } from '../../../src/config/read-file'
import { Findings } from '../../../src/config/sourced'
import { readKeyDocs } from '../../support/key-docs'

const ROOT = join(__dirname, '../../..')
const NO_ENVIRONMENT = { environment: {} }
const DOCS = readKeyDocs('config/keys.ts')

function read(name: string): string {
  return readFileSync(join(ROOT, name), 'utf8')
}

describe.each(['application.conf.example', 'config/default.conf'])('%s', (file) => {
  test('has every key with its default, and no other', () => {
    const document = parseHocon({ file: join(ROOT, file), ...NO_ENVIRONMENT })
    const { values, apps } = readFileValues(document, new Findings())
    expect([...values.keys()].sort()).toEqual([...PLACED_KEYS.keys()].sort())
    for (const [name, { reads, default: preset }] of PLACED_KEYS) {
      expect([name, reads.parse(values.get(name)?.value)]).toEqual([name, preset])
    }
    expect(apps.size).toBe(0)
  })

  test('explains every key in the words of the table', () => {
    const text = read(file)
    for (const [name, { path }] of PLACED_KEYS) {
      const sentence = String(DOCS.get(path)?.sentence)
      expect(sentence).toMatch(/^[A-Z].*\w.*\.$/)
      expect(text).toContain(`\n# ${sentence}\npara.${name} = `)
    }
  })

  test('loads without a warning', async () => {
    const { warnings } = await loadConfig({ file: join(ROOT, file), ...NO_ENVIRONMENT })
    expect(warnings).toEqual([])
  })
})

test('the comments that hosts are shown tell the defaults that are in force', () => {
  expect([...DOCS.keys()]).toEqual(Array.from(PLACED_KEYS.values(), ({ path }) => path))
  for (const { path, reads, default: preset } of PLACED_KEYS.values()) {
    const told = DOCS.get(path)?.preset
    const isTold = !isBlank(preset) && !(Array.isArray(preset) && preset.length === 0)
    expect([path, told === undefined ? undefined : reads.parse(told)]).toEqual([
      path,
      isTold ? preset : undefined,
    ])
  }
})

test('the app in application.conf.example has every setting, and loads when its comment signs are taken away', async () => {
  const text = read('application.conf.example')
  const block = text.slice(text.indexOf('# para.apps.shop {')).replace(/^# /gm, '')
  const docs = readKeyDocs('apps/known-settings.ts')
  for (const [name, { path }] of KNOWN_SETTINGS) {
    expect(block).toContain(`  # ${String(docs.get(path)?.sentence)}\n  ${name} = `)
  }
  const { config, warnings } = await loadConfig({ text: block, ...NO_ENVIRONMENT })
  // Whoever leaves the keys of the example in place is told so.
  expect(warnings).toEqual([
    expect.stringMatching(/^para\.apps\.shop\.az_app_id \(.*\) looks like a placeholder/),
    expect.stringMatching(/^para\.apps\.shop\.az_secret \(.*\) holds white space/),
  ])
  expect(config.apps.shop).toMatchObject({ session_timeout: 43_200, 'security.strict': true })
})
