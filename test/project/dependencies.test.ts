import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { satisfies, subset } from 'semver'

const ROOT = join(__dirname, '../..')
const read = (file: string) => JSON.parse(readFileSync(join(ROOT, file), 'utf8'))

interface Locked {
  readonly version: string
  readonly dev?: boolean
  readonly license?: string
  readonly engines?: { readonly node?: string }
  readonly hasInstallScript?: boolean
  readonly deprecated?: string
}

const locked = Object.entries(read('package-lock.json').packages as Record<string, Locked>)
/** All that an install of the package brings along. */
const brought = locked.filter(([path, { dev }]) => path !== '' && dev !== true)

/** Licences that ask for no more than to be named. */
const ALLOWED = [
  'MIT',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  '0BSD',
  'BlueOak-1.0.0',
]
const OLDEST_NODE = '20.19.0'

function refused(isGood: (locked: Locked) => boolean, told: keyof Locked): unknown[] {
  return brought.filter(([, one]) => !isGood(one)).map(([path, one]) => [path, one[told]])
}

describe('what an install brings along', () => {
  test('has a licence that asks for no more than to be named', () => {
    expect(brought.length).toBeGreaterThan(50)
    expect(refused(({ license = '' }) => ALLOWED.includes(license), 'license')).toEqual([])
  })

  test(`runs on Node.js ${OLDEST_NODE}`, () => {
    expect(
      refused(({ engines }) => satisfies(OLDEST_NODE, engines?.node ?? '*'), 'engines'),
    ).toEqual([])
  })

  test('runs no script at install, and is not deprecated', () => {
    expect(refused(({ hasInstallScript }) => hasInstallScript !== true, 'version')).toEqual([])
    expect(refused(({ deprecated }) => deprecated === undefined, 'deprecated')).toEqual([])
  })
})

describe('renovate.json', () => {
  const { dependencies, devDependencies } = read('package.json')
  const ranges: Record<string, string> = {
    ...dependencies,
    ...devDependencies,
    ...read('test/mutation/package.json').dependencies,
  }
  const rules = read('.github/renovate.json').packageRules as {
    readonly description: string
    readonly matchPackageNames?: readonly string[]
    readonly matchDepNames?: readonly string[]
    readonly allowedVersions?: string
  }[]

  test('names packages that there are, and says why', () => {
    for (const { description, matchPackageNames = [], matchDepNames = [] } of rules) {
      expect(description).toMatch(/\.$/)
      const names = [...matchPackageNames, ...matchDepNames]
      expect(names.filter((name) => !(name in ranges))).toEqual([])
    }
  })

  test('holds back what package.json holds back', () => {
    const held = rules.filter(({ allowedVersions }) => allowedVersions !== undefined)
    expect(held.length).toBeGreaterThan(5)
    for (const { matchPackageNames, matchDepNames, allowedVersions = '' } of held) {
      for (const name of matchPackageNames ?? matchDepNames ?? []) {
        expect([name, subset(ranges[name] ?? '', allowedVersions)]).toEqual([name, true])
      }
    }
  })
})
