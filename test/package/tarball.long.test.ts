import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { PEOPLE } from '../../src/emulator'
import { freePort } from '../support/free-port'
import { createTestDatabase, describeOnPostgres } from '../support/postgres'
import { describeWithRedis, startRedis } from '../support/redis-server'

const ROOT = join(__dirname, '../..')
const NPM = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error']
const NODES = ['20', '22', '24', '26']
const SIGNED_IN = PEOPLE[0]?.name ?? ''
/** Without it, what is CommonJS cannot load modules of Node.js from an ES module that esbuild has made: Express neither. */
const REQUIRE = `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`
const run = promisify(execFile)
const isThisNode = (major: string): boolean => process.versions.node.startsWith(`${major}.`)
/** A machine with more to do takes several times as long. */
jest.setTimeout(240_000)

interface Manifest {
  readonly exports: Readonly<Record<string, unknown>>
}
const { exports: entries } = JSON.parse(
  readFileSync(join(ROOT, 'package.json'), 'utf8'),
) as Manifest
const NAMES = Object.keys(entries)
  .filter((path) => path !== './package.json')
  .map((path) => `express-amazon-auth${path.slice(1)}`)

/** What the package is packed into, installed once for each Express; projects of each kind share that. */
describe('the packed package', () => {
  let base: string
  let tarball: string
  const folder = (express: string): string => join(base, `express-${express}`)

  beforeAll(async () => {
    base = mkdtempSync(join(tmpdir(), 'amazon-auth-packed-'))
    const packing = ['pack', '--json', '--ignore-scripts', '--pack-destination', base]
    const { stdout } = await run('npm', packing, { cwd: ROOT })
    const [packed] = JSON.parse(stdout) as [{ readonly filename: string }]
    tarball = join(base, packed.filename)
    await Promise.all([
      install('4', { express: '4.21.0', '@types/express': '4' }),
      install('5', {
        express: '5',
        pg: '8',
        redis: '6',
        'connect-redis': '9',
        vitest: '^4',
        esbuild: '^0.28',
      }),
    ])
    await installRuntimes()
  }, 600_000)

  afterAll(() => rmSync(base, { recursive: true, force: true }))

  async function install(express: string, packages: Record<string, string>): Promise<void> {
    const dependencies = { 'express-amazon-auth': `file:${tarball}`, ...packages }
    cpSync(join(__dirname, 'projects'), folder(express), { recursive: true })
    writeFileSync(
      join(folder(express), 'package.json'),
      JSON.stringify({ private: true, dependencies }),
    )
    await run('npm', ['install', ...NPM], { cwd: folder(express) })
  }

  /** As packages, by one npm: for each of them npx would start two. */
  async function installRuntimes(): Promise<void> {
    mkdirSync(join(base, 'runtimes'))
    writeFileSync(join(base, 'runtimes/package.json'), '{ "private": true }')
    const ofNode = `node-${process.platform}-${process.arch}`
    const nodes = NODES.filter((major) => !isThisNode(major)).map(
      (major) => `node${major}@npm:${ofNode}@${major}`,
    )
    await run('npm', ['install', ...NPM, ...nodes, 'bun@1', 'deno@2'], {
      cwd: join(base, 'runtimes'),
    })
  }

  const runtime = (path: string): string => join(base, 'runtimes/node_modules', path)
  const node = (major: string): string =>
    isThisNode(major) ? process.execPath : runtime(`node${major}/bin/node`)

  async function runIn(express: string, program: string, ...args: string[]): Promise<string> {
    try {
      const env = { PATH: process.env.PATH, NODE_ENV: 'test' }
      const running = run(program, args, { cwd: folder(express), env })
      running.child.stdin?.end()
      return (await running).stdout.trim()
    } catch (failure) {
      const { stdout, stderr } = failure as { readonly stdout: string; readonly stderr: string }
      throw new Error(`${stdout}\n${stderr}`, { cause: failure })
    }
  }

  const root = (path: string): string => join(ROOT, 'node_modules', path)

  test.each(NODES.flatMap((major) => ['4', '5'].map((express) => [major, express])))(
    'signs somebody in from import and from require on Node %s and Express %s, and every entry loads',
    async (major, express) => {
      const program = node(major)
      expect(await runIn(express, program, 'commonjs.cjs')).toBe(SIGNED_IN)
      writeFileSync(
        join(folder(express), 'entries.mjs'),
        NAMES.map((name, at) => `import * as entry${at} from '${name}'`).join('\n') +
          `\nimport './esm.mjs'`,
      )
      expect(await runIn(express, program, 'entries.mjs')).toBe(SIGNED_IN)
    },
  )

  describe.each([
    ['bun', ['-e'], []],
    ['deno', ['eval'], ['run', '--allow-all']],
  ])('on %s', (name, evaluating, running) => {
    /** Itself, which gets signals, and not what starts it. */
    let program: string
    beforeAll(async () => {
      const asking = [...evaluating, 'console.log(process.execPath)']
      program = await runIn('5', runtime(`.bin/${name}`), ...asking)
    })

    test('signs somebody in from import and from require', async () => {
      for (const file of ['commonjs.cjs', 'esm.mjs']) {
        expect(await runIn('5', program, ...running, file)).toBe(SIGNED_IN)
      }
    })

    test('serves until a signal, and ends well', async () => {
      const cli = 'node_modules/express-amazon-auth/dist/server/cli.js'
      const server = spawn(program, [...running, cli, 'serve'], {
        cwd: folder('5'),
        env: { PATH: process.env.PATH, para_store_url: 'sqlite::memory:', para_port: '0' },
      })
      const ended = once(server, 'exit')
      server.stdout.setEncoding('utf8').on('data', (lines: string) => {
        if (lines.includes('listening on')) server.kill('SIGTERM')
      })
      expect(await ended).toEqual([0, null])
    })

    describeOnPostgres('with PostgreSQL', () => {
      describeWithRedis('and sessions in Redis', () => {
        test('signs somebody in by createAuthHandler()', async () => {
          const [database, redis] = [await createTestDatabase(), await startRedis()]
          try {
            const args = [database.url, redis.url, String(await freePort())]
            expect(await runIn('5', program, ...running, 'fetch.mjs', ...args)).toBe(SIGNED_IN)
            expect((await redis.contents()).size).toBeGreaterThan(0)
          } finally {
            await redis.close()
            await database.drop()
          }
        })
      })
    })
  })

  test('brings no store but SQLite, and one Express', () => {
    const { packages } = JSON.parse(
      readFileSync(join(folder('4'), 'node_modules/.package-lock.json'), 'utf8'),
    ) as { readonly packages: Readonly<Record<string, unknown>> }
    const installed = Object.keys(packages)
    expect(installed).toContain('node_modules/libsql')
    expect(installed.filter((path) => /\/(?:pg|redis|connect-redis)$/.test(path))).toEqual([])
    const expresses = installed.filter((path) => path.endsWith('node_modules/express'))
    expect(expresses).toEqual(['node_modules/express'])
  })

  test('is refused by npm beside an Express that is too old, which a range may move', async () => {
    const bare = await packBare()
    const trying = (express: string) => {
      const project = mkdtempSync(join(base, 'older-'))
      const dependencies = { express }
      writeFileSync(join(project, 'package.json'), JSON.stringify({ private: true, dependencies }))
      return run('npm', ['install', '--package-lock-only', ...NPM, bare], { cwd: project })
    }
    await expect(trying('4.17.1')).rejects.toMatchObject({
      stderr: expect.stringMatching(/ERESOLVE[^]*peer express@"\^4\.21\.0 \|\| \^5\.0\.0"/),
    })
    await trying('^4.17.1')
  })

  /** With its peers, but without its dependencies, which npm would look up each time. */
  async function packBare(): Promise<string> {
    const project = mkdtempSync(join(base, 'bare-'))
    const packed = join(folder('4'), 'node_modules/express-amazon-auth/package.json')
    const { name, version, peerDependencies, peerDependenciesMeta } = JSON.parse(
      readFileSync(packed, 'utf8'),
    ) as Readonly<Record<string, unknown>>
    const manifest = { name, version, peerDependencies, peerDependenciesMeta }
    writeFileSync(join(project, 'package.json'), JSON.stringify(manifest))
    const { stdout } = await run('npm', ['pack', '--silent'], { cwd: project })
    return join(project, stdout.trim())
  }

  test.each([
    ['CommonJS', 'cjs', []],
    ['ESM', 'mjs', ['--experimental-vm-modules', '--no-warnings']],
  ])('signs somebody in under Jest in %s', async (_mode, ext, flags) => {
    const file = join(folder('5'), `jest-${ext}.json`)
    const config = {
      rootDir: '.',
      transform: {},
      testTimeout: 60_000,
      testMatch: [`**/*.test.${ext}`],
      moduleFileExtensions: ['cjs', 'mjs', 'js', 'json', 'node'],
    }
    writeFileSync(file, JSON.stringify(config))
    const jest = root('jest/bin/jest.js')
    await runIn('5', process.execPath, ...flags, jest, '--ci', '-i', '-c', file)
  })

  test('signs somebody in under Vitest', async () => {
    const vitest = join(folder('5'), 'node_modules/vitest/vitest.mjs')
    await runIn('5', process.execPath, vitest, 'run', 'vitest.spec', '--testTimeout=60000')
  })

  test.each([
    ['cjs', 'cjs', []],
    ['esm', 'mjs', [`--banner:js=${REQUIRE}`]],
  ])('signs somebody in from a bundle (%s), wherever that is', async (format, ext, more) => {
    const bundle = `bundled/elsewhere/host.${ext}`
    const options = ['--bundle', '--platform=node', '--external:libsql', `--format=${format}`]
    const esbuild = join(folder('5'), 'node_modules/.bin/esbuild')
    const args = [...options, ...more, '--log-level=warning', `--outfile=${bundle}`]
    await runIn('5', esbuild, 'commonjs.cjs', ...args)
    expect(await runIn('5', process.execPath, bundle)).toBe(SIGNED_IN)
  })

  const STRICT = { strict: true, skipLibCheck: false, target: 'es2022', types: ['node'] }
  const WHOLE = { esModuleInterop: true, noEmit: true }
  test.each([
    ['node10', '5', 'typescript', { module: 'commonjs', ignoreDeprecations: '6.0', ...WHOLE }],
    ['bundler', '4', 'typescript-native', { module: 'esnext', ...WHOLE }],
    ['bundler', '5', 'typescript-native', { module: 'esnext', ...WHOLE }],
  ])(
    'is compiled, by every entry, with the module resolution %s, on Express %s by %s',
    (moduleResolution, express, compiler, options) =>
      compile(express, compiler, { moduleResolution, ...options }, ['typed.ts']),
  )

  test.each([
    ['node16', '4'],
    ['nodenext', '5'],
  ])('is compiled with the module resolution %s, on Express %s, and runs', async (way, express) => {
    const options = { module: way, moduleResolution: way }
    await compile(express, 'typescript-native', options, ['typed.mts', 'typed.cts'])
    expect(await runIn(express, process.execPath, 'typed.mjs')).toBe(SIGNED_IN)
    expect(await runIn(express, process.execPath, 'typed.cjs')).toBe(SIGNED_IN)
  })

  async function compile(
    express: string,
    compiler: string,
    options: object,
    files: readonly string[],
  ): Promise<void> {
    const project = folder(express)
    const code = readFileSync(join(project, 'typed.ts.txt'), 'utf8')
    const all = NAMES.map((name, at) => `export * as entry${at} from '${name}'`).join('\n')
    for (const file of files) writeFileSync(join(project, file), `${code}\n${all}\n`)
    const config = join(project, 'tsconfig.json')
    writeFileSync(config, JSON.stringify({ compilerOptions: { ...STRICT, ...options }, files }))
    await runIn(express, process.execPath, root(`${compiler}/bin/tsc`), '-p', config)
  }

  test('pleases publint and "Are the types wrong?", node10 included', async () => {
    await runIn('5', process.execPath, root('publint/src/cli.js'), tarball, '--strict')
    await runIn('5', process.execPath, root('@arethetypeswrong/cli/dist/index.js'), tarball)
  })

  test('is as large as docs/install.md says', () => {
    const install = readFileSync(join(ROOT, 'docs/install.md'), 'utf8')
    const told = Array.from(
      install.matchAll(/^\| .*`npm install ([^`]+)`[^|]*\| (\d+) +\| (\d+) MB/gm),
      ([, command = '', packages, megabytes]) =>
        [command, { packages: Number(packages), megabytes: Number(megabytes) }] as const,
    )
    expect(told.map(([command]) => command)).toEqual([...COMMANDS.keys()])
    for (const [command, { packages, megabytes }] of told) {
      const isWithoutOptional = command.includes('--omit=optional')
      const measured = measure(folder('5'), COMMANDS.get(command) ?? [], isWithoutOptional)
      const isNear = (one: number, other: number): boolean => Math.abs(one - other) < other / 10
      const isTrue = isNear(measured.packages, packages) && isNear(measured.megabytes, megabytes)
      expect({ command, ...measured, isTrue }).toEqual({ command, ...measured, isTrue: true })
    }
  })
})

/** Commands of the table in docs/install.md, and what each installs. */
const COMMANDS = new Map([
  ['express-amazon-auth', ['express-amazon-auth', 'express']],
  ['--omit=optional express-amazon-auth', ['express-amazon-auth', 'express']],
  ['--omit=optional express-amazon-auth pg@8', ['express-amazon-auth', 'express', 'pg']],
  [
    'express-amazon-auth redis@6 connect-redis@9',
    ['express-amazon-auth', 'express', 'redis', 'connect-redis'],
  ],
])

interface Installed {
  readonly dependencies?: object
  readonly optionalDependencies?: object
}

/** Packages that these bring along, and the sizes of their files. */
function measure(
  project: string,
  names: readonly string[],
  isWithoutOptional: boolean,
): { packages: number; megabytes: number } {
  const modules = join(project, 'node_modules')
  const found = new Set<string>()
  const collect = (name: string, from: string): void => {
    const at = [join(from, 'node_modules', name), join(modules, name)].find((path) =>
      existsSync(join(path, 'package.json')),
    )
    if (at === undefined || found.has(at)) return
    found.add(at)
    const { dependencies, optionalDependencies } = JSON.parse(
      readFileSync(join(at, 'package.json'), 'utf8'),
    ) as Installed
    const optional = Object.keys(optionalDependencies ?? {})
    const needed = Object.keys(dependencies ?? {}).filter((one) => !optional.includes(one))
    for (const one of [...needed, ...(isWithoutOptional ? [] : optional)]) collect(one, at)
  }
  for (const name of names) collect(name, project)
  const bytes = [...found].reduce((sum, path) => sum + bytesOf(path), 0)
  return { packages: found.size, megabytes: Math.round(bytes / 1e6) }
}

/** Of its own files, not of packages within. */
function bytesOf(path: string): number {
  return readdirSync(path, { withFileTypes: true }).reduce((sum, entry) => {
    if (entry.name === 'node_modules') return sum
    const whole = join(path, entry.name)
    return sum + (entry.isDirectory() ? bytesOf(whole) : statSync(whole).size)
  }, 0)
}
