import { join } from 'node:path'

import { hostProgram, TypedHost } from '../support/typed-host'

const ROOT = join(__dirname, '../..')
/** The compiler of hosts of today; the one in JavaScript, which knows older resolutions, takes ten times as long. */
const NATIVE = join(ROOT, 'node_modules/typescript-native/bin/tsc')
const OLDER = join(ROOT, 'node_modules/typescript/bin/tsc')

/** A machine with more to do takes half a minute for one. */
const COMPILING_MS = 120_000

const RESOLUTIONS = {
  node10: { module: 'commonjs', moduleResolution: 'node10', ignoreDeprecations: '6.0' },
  node16: { module: 'node16', moduleResolution: 'node16' },
  bundler: { module: 'esnext', moduleResolution: 'bundler' },
}

describe('a host in TypeScript', () => {
  let host: TypedHost
  beforeAll(() => void (host = new TypedHost()))
  afterAll(() => host.remove())

  test.each(Object.entries(RESOLUTIONS))(
    'compiles what it may write, and nothing else, with the module resolution %s',
    (name, options) => {
      const compiler = name === 'node10' ? OLDER : NATIVE
      expect(host.compile(hostProgram('strict-host.ts'), options, compiler)).toBe('')
    },
    COMPILING_MS,
  )

  test.each(['host-with-own-user.ts', 'host-with-our-user.ts'])(
    '%s compiles',
    (name) => {
      // What the package itself declares is looked at above.
      const options = { ...RESOLUTIONS.node16, skipLibCheck: true }
      expect(host.compile(hostProgram(name), options, NATIVE)).toBe('')
    },
    COMPILING_MS,
  )
})
