import { spawnSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const ROOT = join(__dirname, '../..')
/** The compiler of hosts of today; the one in JavaScript, which knows older resolutions, takes ten times as long. */
const NATIVE = join(ROOT, 'node_modules/typescript-native/bin/tsc')
const OLDER = join(ROOT, 'node_modules/typescript/bin/tsc')
const HOSTS = join(__dirname, 'hosts')

/** A machine with more to do takes half a minute for one. */
const COMPILING_MS = 120_000

const RESOLUTIONS = {
  node10: { module: 'commonjs', moduleResolution: 'node10', ignoreDeprecations: '6.0' },
  node16: { module: 'node16', moduleResolution: 'node16' },
  bundler: { module: 'esnext', moduleResolution: 'bundler' },
}
const STRICT = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  esModuleInterop: true,
  noEmit: true,
  target: 'es2022',
  types: ['node'],
}

describe('a host in TypeScript', () => {
  let folder: string

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'amazon-auth-types-'))
    const modules = join(folder, 'node_modules')
    const own = join(modules, 'express-amazon-auth')
    mkdirSync(own, { recursive: true })
    cpSync(join(ROOT, 'package.json'), join(own, 'package.json'))
    cpSync(join(ROOT, 'dist'), join(own, 'dist'), { recursive: true })
    for (const name of readdirSync(join(ROOT, 'node_modules'))) {
      if (!name.startsWith('.')) symlinkSync(join(ROOT, 'node_modules', name), join(modules, name))
    }
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  /** @returns What the compiler says of a program; empty: nothing. */
  function compile(
    files: Readonly<Record<string, string>>,
    options: object,
    compiler = NATIVE,
  ): string {
    for (const [name, code] of Object.entries(files)) writeFileSync(join(folder, name), code)
    const config = { compilerOptions: { ...STRICT, ...options }, files: Object.keys(files) }
    const file = join(folder, 'tsconfig.json')
    writeFileSync(file, JSON.stringify(config))
    return spawnSync(process.execPath, [compiler, '-p', file], { encoding: 'utf8' }).stdout
  }

  function host(name: string): Readonly<Record<string, string>> {
    return { [name]: readFileSync(join(HOSTS, `${name}.txt`), 'utf8') }
  }

  test.each(Object.entries(RESOLUTIONS))(
    'compiles what it may write, and nothing else, with the module resolution %s',
    (name, options) =>
      expect(compile(host('strict-host.ts'), options, name === 'node10' ? OLDER : NATIVE)).toBe(''),
    COMPILING_MS,
  )

  test.each(['host-with-own-user.ts', 'host-with-our-user.ts'])(
    '%s compiles',
    // What the package itself declares is looked at above.
    (name) => expect(compile(host(name), { ...RESOLUTIONS.node16, skipLibCheck: true })).toBe(''),
    COMPILING_MS,
  )
})
