import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { satisfies, subset } from 'semver'

const ROOT = join(__dirname, '../..')
const read = (file: string) => JSON.parse(readFileSync(join(ROOT, file), 'utf8'))

interface Locked {
  readonly version: string
  readonly license?: string
  readonly engines?: { readonly node?: string }
  readonly hasInstallScript?: boolean
  readonly deprecated?: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

const locked = read('package-lock.json').packages as Readonly<Record<string, Locked>>

/** Where a package finds another: within it, or beside what it lies in. */
function find(name: string, from: string): string | undefined {
  const path = `${from}${from === '' ? '' : '/'}node_modules/${name}`
  if (locked[path] !== undefined || from === '') return locked[path] && path
  return find(name, from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/'))))
}

function collect(names: readonly string[], from = '', found = new Map<string, Locked>()) {
  for (const name of names) {
    const path = find(name, from)
    const one = path === undefined ? undefined : locked[path]
    if (path === undefined || one === undefined || found.has(path)) continue
    found.set(path, one)
    collect(Object.keys({ ...one.dependencies, ...one.optionalDependencies }), path, found)
  }
  return found
}

const own = read('package.json')
/** All that an install of the package brings along, and what it may stand beside. */
const brought = [
  ...collect(
    Object.keys({ ...own.dependencies, ...own.optionalDependencies, ...own.peerDependencies }),
  ),
]

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
    const names = brought.map(([path]) => path)
    for (const name of ['axios', 'express', 'router', 'pg-protocol', '@redis/client', 'libsql']) {
      expect(names).toContain(`node_modules/${name}`)
    }
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
