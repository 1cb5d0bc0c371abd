import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { startEmulator } from '../../src/emulator'
import { send } from '../support/browser'

const ROOT = join(__dirname, '../..')
const run = promisify(execFile)

describe('the built package', () => {
  test.each([
    [
      'import',
      [
        '--input-type=module',
        '-e',
        'const { default: _, ...x } = await import("NAME"); console.log(Object.keys(x).sort().join())',
      ],
    ],
    ['require', ['-e', 'console.log(Object.keys(require("NAME")).sort().join())']],
  ])('gives the same names to %s, for every entry', async (_way, args) => {
    const namesOf = async (name: string): Promise<string> => {
      const { stdout } = await run(
        process.execPath,
        args.map((arg) => arg.replace('NAME', name)),
        { cwd: ROOT },
      )
      return stdout.trim().replace(/,?(module\.exports|__esModule)/g, '')
    }
    expect(await namesOf('express-amazon-auth')).toBe(
      'AmazonAuthError,ConfigError,ERRORS,SignInRefused,amazonAuth,keepRawBody,requireUser,serverOptions,signInButton,withUser',
    )
    expect(await namesOf('express-amazon-auth/emulator')).toContain('startEmulator')
    expect(await namesOf('express-amazon-auth/client')).toContain('createClient')
  })
})

test('all that the sources import is installed with the package', () => {
  const { name: ownName, ...listed } = JSON.parse(
    readFileSync(join(ROOT, 'package.json'), 'utf8'),
  ) as { name: string; dependencies: object; peerDependencies: object }
  const dependencies = { ...listed.dependencies, ...listed.peerDependencies }
  const files = readdirSync(join(ROOT, 'dist'), { recursive: true, encoding: 'utf8' })
  const imported = files
    .filter((file) => file.endsWith('.js') || file.endsWith('.d.ts'))
    .map((file) => readFileSync(join(ROOT, 'dist', file), 'utf8'))
    .flatMap((code) =>
      Array.from(code.matchAll(/(?:\bfrom |require\(|import\()["']([^."'$][^"']*)["']/g)),
    )
    .map(([, name = '']) => /^(?:@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name)
    .filter((name) => !isBuiltin(name) && name !== ownName)
  expect(imported).toContain('express')
  // Types alone come from these, and are those of the packages that are there.
  const isThere = (name: string) => name in dependencies || `@types/${name}` in dependencies
  expect(new Set(imported.filter((name) => !isThere(name)))).toEqual(new Set())
})

test('the lines of the README to mount it run as they stand', async () => {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')
  const [, code = ''] = /## Mount it\n\n```js\n([\s\S]*?)```/.exec(readme) ?? []
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
