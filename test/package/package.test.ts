import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { isBuiltin } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { startEmulator } from '../../src/emulator'
import { send } from '../support/browser'

const ROOT = join(__dirname, '../..')
const run = promisify(execFile)

interface Manifest {
  readonly exports: Readonly<Record<string, string | { readonly types: string; default: string }>>
  readonly main: string
  readonly types: string
  readonly typesVersions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>
  readonly dependencies: Readonly<Record<string, string>>
  readonly optionalDependencies: Readonly<Record<string, string>>
  readonly peerDependencies: Readonly<Record<string, string>>
}
const MANIFEST = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest
const ENTRIES = Object.entries(MANIFEST.exports).flatMap(([path, target]) =>
  typeof target === 'string' ? [] : [{ path, ...target }],
)
const BESIDE = Object.keys({ ...MANIFEST.optionalDependencies, ...MANIFEST.peerDependencies })

describe('the built package', () => {
  test('gives the same names to import and to require, by every entry', async () => {
    const code = `
      import { createRequire } from 'node:module'
      const require = createRequire(import.meta.url)
      const said = {}
      for (const path of ${JSON.stringify(ENTRIES.map(({ path }) => path))}) {
        const name = 'express-amazon-auth' + path.slice(1)
        const of = (names) => names.filter((each) => !/^(default|module\\.exports|__esModule)$/.test(each)).sort()
        said[path] = { imported: of(Object.keys(await import(name))), required: of(Object.keys(require(name))) }
      }
      console.log(JSON.stringify(said))`
    const args = ['--input-type=module', '-e', code]
    const { stdout } = await run(process.execPath, args, { cwd: ROOT })
    const said = JSON.parse(stdout) as Record<string, { imported: string[]; required: string[] }>
    for (const [path, { imported, required }] of Object.entries(said)) {
      expect([path, imported]).toEqual([path, required])
    }
    expect(said['.']?.imported.join()).toBe(
      'AmazonAuthError,ConfigError,ERRORS,SignInRefused,amazonAuth,keepRawBody,requireUser,serverOptions,signInButton,withUser',
    )
    expect(said['./emulator']?.imported).toContain('startEmulator')
    expect(said['./client']?.imported).toContain('createClient')
  })

  test('has types beside the code of every entry, also for a compiler that does not read exports', () => {
    const places = ENTRIES.map((entry) => Object.keys(entry))
    // What comes first is taken.
    expect(new Set(places.map(String))).toEqual(new Set(['path,types,default']))
    for (const { types, default: code } of ENTRIES) {
      expect(types).toBe(code.replace(/\.js$/, '.d.ts'))
      expect([types, existsSync(join(ROOT, types))]).toEqual([types, true])
    }
    const [root, ...others] = ENTRIES
    expect([MANIFEST.main, MANIFEST.types]).toEqual([root?.default, root?.types])
    expect(MANIFEST.typesVersions).toEqual({
      '*': Object.fromEntries(others.map(({ path, types }) => [path.slice(2), [types]])),
    })
  })

  test('loads by every entry where nothing is installed that a host may leave out', async () => {
    const code = `
      const { Module } = require('node:module')
      const load = Module._load
      Module._load = (request, ...others) => {
        if (${JSON.stringify(BESIDE)}.includes(request)) throw new Error(request + ' is asked for')
        return load(request, ...others)
      }
      for (const path of ${JSON.stringify(ENTRIES.map(({ path }) => path))}) require('express-amazon-auth' + path.slice(1))`
    await expect(run(process.execPath, ['-e', code], { cwd: ROOT })).resolves.toMatchObject({
      stderr: '',
    })
  })
})

test('all that the sources import comes with the package, or may stand beside it', () => {
  const dependencies = {
    ...MANIFEST.dependencies,
    ...Object.fromEntries(BESIDE.map((name) => [name, ''])),
  }
  const files = readdirSync(join(ROOT, 'dist'), { recursive: true, encoding: 'utf8' })
  const imported = files
    .filter((file) => file.endsWith('.js') || file.endsWith('.d.ts'))
    .map((file) => readFileSync(join(ROOT, 'dist', file), 'utf8'))
    .flatMap((code) =>
      Array.from(code.matchAll(/(?:\bfrom |require\(|import\()["']([^."'$][^"']*)["']/g)),
    )
    .map(([, name = '']) => /^(?:@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name)
    .filter((name) => !isBuiltin(name) && name !== 'express-amazon-auth')
  expect(imported).toContain('express')
  // Types alone come from these, and are those of the packages that are there.
  const isThere = (name: string) => name in dependencies || `@types/${name}` in dependencies
  expect(new Set(imported.filter((name) => !isThere(name)))).toEqual(new Set())
})

test('the lines of the README to mount it run as they stand', async () => {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')
  const [, code = ''] = /## Mount it\n[^]*?```js\n([^]*?)```/.exec(readme) ?? []
  const emulator = await startEmulator()
  const directory = mkdtempSync(join(tmpdir(), 'amazon-auth-readme-'))
  const file = join(ROOT, 'artifacts', 'readme-example.mjs')
  mkdirSync(join(ROOT, 'artifacts'), { recursive: true })
  writeFileSync(
    file,
    code.replace(
      'app.listen(3000)',
      'app.listen(0, function () { console.log(this.address().port) })',
    ),
  )
  const child = spawn(process.execPath, [file], {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      AZ_APP_ID: 'id',
      AZ_SECRET: 'secret',
      para_amazon_authorize_url: emulator.authorizeUrl,
      para_amazon_api_url: emulator.apiUrl,
    },
  })
  const exited = once(child, 'exit')
  try {
    const [port] = (await Promise.race([once(child.stdout, 'data'), exited])) as [Buffer]
    const origin = `http://127.0.0.1:${port.toString().trim()}`
    const headers = { host: 'shop.example.com' }
    const begun = await send(new URL('/amazon_auth?state=shop', origin), { headers })
    const url = new URL(begun.location)
    expect(url.origin).toBe(emulator.origin)
    expect(url.searchParams.get('redirect_uri')).toBe('https://shop.example.com/amazon_auth')
    const welcome = new URL('/welcome', origin)
    const sent = new URL((await send(welcome, { headers })).location)
    expect(sent.pathname).toBe('/amazon_auth')
    expect(sent.searchParams.get('returnto')).toBe('/welcome')
    const asked = { headers: { ...headers, accept: 'application/json' } }
    expect((await send(welcome, asked)).status).toBe(401)
  } finally {
    child.kill()
    await exited
    await emulator.close()
    rmSync(directory, { recursive: true })
    rmSync(file)
  }
})
