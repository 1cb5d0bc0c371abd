import { execFile } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { PassThrough } from 'node:stream'
import { promisify } from 'node:util'

import fc from 'fast-check'

import { askOn } from '../../../src/server/init/ask'
import { buildProject } from '../../../src/server/init/build-project'
import { choose } from '../../../src/server/init/choose'
import type { Choices } from '../../../src/server/init/choices'
import { packageManagerOf } from '../../../src/server/init/package-manager'
import { projectNameOf, readAppId } from '../../../src/server/init/project-name'
import { writeProject } from '../../../src/server/init/write-project'
import { VERSION } from '../../../src/version'
import { Workplace } from './command-line'

const ROOT = resolve(__dirname, '../../..')
const run = promisify(execFile)
const PRESETS: Choices = { lang: 'ts', express: '5', mode: 'session', app: 'shop', port: 3000 }

const place = new Workplace()
afterAll(() => place.clear())

const read = (path: string): string => readFileSync(place.path(path), 'utf8')
const everyFile = (folder: string): readonly string[] =>
  readdirSync(place.path(folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(place.path(folder).length + 1))
    .sort()

describe('init', () => {
  test('writes few files, by presets where nobody can be asked, and says what comes next', async () => {
    const ended = await place.run(['init', 'My Shop'])
    expect(ended).toMatchObject({ exitCode: 0, stderr: '' })
    expect(ended.stdout).toContain('TypeScript, Express 5, session.')
    expect(ended.stdout).toContain("cd 'My Shop'\n  npm install\n  npm run dev\n")
    expect(ended.stdout).toContain('  http://localhost:3000/amazon_auth\n')
    expect(everyFile('My Shop')).toEqual([
      '.env.example',
      '.gitignore',
      'README.md',
      'package.json',
      'src/app.ts',
      'src/dev.ts',
      'src/pages.ts',
      'src/server.ts',
      'test/sign-in.test.ts',
      'test/start-app.ts',
      'tsconfig.json',
    ])
    expect(JSON.parse(read('My Shop/package.json'))).toMatchObject({
      name: 'my-shop',
      type: 'module',
      scripts: { dev: expect.stringContaining('tsx watch'), build: 'tsc' },
      dependencies: { express: '^5.1.0', 'express-amazon-auth': `^${VERSION}` },
    })
    expect(read('My Shop/src/app.ts')).toContain("export const APP = 'my-shop'")
  })

  test.each(["it's$(touch run) `id`", "a\u202eb 'c'", '$HOME'])(
    'says how to come into %j, so that a shell runs nothing of it',
    async (folder) => {
      const { stdout } = await place.run(['init', folder, '--app', 'shop'])
      expect(stdout).not.toContain('\u202e')
      const [, line = ''] = /^ {2}(cd .+)$/m.exec(stdout) ?? []
      const options = { cwd: place.folder, env: { LC_ALL: 'C.UTF-8' } }
      const shell = await run('/bin/bash', ['-c', `${line} && pwd`], options)
      expect(shell.stdout).toBe(`${place.path(folder)}\n`)
      expect(existsSync(place.path('run'))).toBe(false)
    },
  )

  test('writes what options say: JavaScript without a build, Express 4, tokens, a port, an app', async () => {
    const options = '--lang js --express 4 --mode token --app Kiosk.2 --port 8080'.split(' ')
    const environment = { npm_config_user_agent: 'pnpm/10.4.1 npm/? node/v22.1.0 linux x64' }
    const ended = await place.run(['init', 'kiosk', ...options], '', environment)
    expect(ended.stdout).toContain('pnpm install')
    expect(everyFile('kiosk')).toEqual([
      '.env.example',
      '.gitignore',
      'README.md',
      'package.json',
      'public/index.html',
      'public/page.js',
      'src/app.js',
      'src/dev.js',
      'src/server.js',
      'test/sign-in.test.js',
      'test/start-app.js',
    ])
    const manifest = JSON.parse(read('kiosk/package.json')) as Record<string, unknown>
    expect(manifest).toMatchObject({ dependencies: { express: '^4.21.0' } })
    expect(manifest).not.toHaveProperty('devDependencies')
    expect(read('kiosk/README.md')).toContain('pnpm run dev')
    expect(read('kiosk/README.md')).toContain('http://localhost:8080/amazon_auth')
    expect(read('kiosk/public/index.html')).toContain('/amazon_auth?state=Kiosk.2')
    const texts = everyFile('kiosk').map((file) => read(`kiosk/${file}`))
    expect(texts.join()).not.toMatch(/my-amazon-app|3000|\bnpm (?:install|run)/)
  })

  test('keeps keys, the store and its master key out of version control', async () => {
    const folder = place.path('shop-of-git')
    writeProject(folder, buildProject('shop', PRESETS, 'npm'))
    const git = (...args: string[]): Promise<{ stdout: string }> =>
      run('git', args, { cwd: folder })
    const secrets = [
      '.env',
      '.env.local',
      'data/users.db',
      'data/users.db.key',
      'x.db-wal',
      'a.key',
    ]
    mkdirSync(join(folder, 'data'))
    for (const name of secrets) writeFileSync(join(folder, name), 'secret')
    await git('init', '--quiet')
    const { stdout } = await git('status', '--porcelain', '--untracked-files=all')
    const seen = stdout.trim().split('\n')
    expect(seen).toContain('?? .env.example')
    expect(seen).toHaveLength(11)
  })

  test('fits into a folder that holds other things, and refuses one that holds its own, before it asks', async () => {
    const folder = place.path('taken')
    mkdirSync(join(folder, '.git'), { recursive: true })
    writeFileSync(join(folder, 'LICENSE'), 'mine')
    expect(await place.run(['init', 'taken', '--mode', 'token'])).toMatchObject({ exitCode: 0 })

    for (const name of ['readme.MD', 'src']) {
      const other = place.path(`other-${name}`)
      mkdirSync(other)
      if (name === 'src') mkdirSync(join(other, name))
      else writeFileSync(join(other, name), 'mine')
      const ended = await place.run(['init', `other-${name}`])
      expect(ended).toMatchObject({ exitCode: 1, stdout: '' })
      expect(ended.stderr).toContain(`Nothing was written: ${other} holds ${name} already.`)
      expect(readdirSync(other)).toEqual([name])
    }
  })

  test.each([
    ['a-file/shop', 'a file stands where a folder should be (ENOTDIR)'],
    ['shop --app sh&op', 'is no name of an app'],
    ['shop --port 0', 'from 1 to 65535'],
  ])('refuses %s, and says why', async (line, reason) => {
    place.write('a-file', ['mine'])
    const ended = await place.run(['init', ...line.split(' ')])
    expect(ended.exitCode).toBe(1)
    expect(ended.stderr).toContain(reason)
    expect(existsSync(place.path('shop'))).toBe(false)
  })
})

test('a name that no folder of Windows has, and no app of ours, is refused', () => {
  for (const name of ['aux', 'COM1.shop', 'what?', 'a:b', 'shop.']) {
    expect(() => projectNameOf(place.path(name))).toThrow('the name of a folder on Windows')
  }
  expect(() => readAppId('para')).toThrow('the root app')
  expect(() => readAppId('x'.repeat(129))).toThrow('at most 128 characters')
})

describe('writeProject', () => {
  test('takes away what it made when it cannot go on, and leaves what was there', () => {
    const folder = place.path('new/below')
    mkdirSync(place.path('new'))
    const files = new Map([
      ['src/app.js', 'one'],
      ['src', 'a file where a folder is'],
    ])
    expect(() => writeProject(folder, files)).toThrow(
      /Nothing was written to .*below: .* \(EEXIST\)/,
    )
    expect(readdirSync(place.path('new'))).toEqual([])

    writeFileSync(place.path('new/kept'), 'mine')
    const racing = new Map([
      ['first', 'one'],
      ['kept', 'ours'],
    ])
    expect(() => writeProject(place.path('new'), racing)).toThrow('EEXIST')
    const tooLong = new Map([['x'.repeat(300), '']])
    expect(() => writeProject(folder, tooLong)).toThrow('its name is too long (ENAMETOOLONG)')
    expect(readdirSync(place.path('new'))).toEqual(['kept'])
    expect(read('new/kept')).toBe('mine')
  })
})

describe('choose', () => {
  test('asks for what was not given, again where the answer cannot be used, with presets', async () => {
    const output = new PassThrough({ encoding: 'utf8' })
    const input = new PassThrough()
    const questions = askOn({ input, output })
    input.write(['perl', 'JS', '', 'no name!', 'shop', '99999', '8080', ''].join('\n'))
    const choices = await choose({ mode: 'token' }, 'my-shop', questions)
    questions.close()
    expect(choices).toEqual({ lang: 'js', express: '5', mode: 'token', app: 'shop', port: 8080 })
    const asked = String(output.read())
    expect(asked).toContain('It is one of: ts, js.')
    expect(asked).toContain('"no name!" is no name of an app')
    expect(asked).toContain('It must be a whole number from 1 to 65535.')
    expect(asked).not.toContain('session, token')
  })

  test('ends where there is no answer any more', async () => {
    const input = new PassThrough()
    const questions = askOn({ input, output: new PassThrough() })
    input.end('ts\n')
    await expect(choose({}, 'my-shop', questions)).rejects.toThrow('Nothing was written.')
  })
})

test('the name of a project is one that npm takes and an app can have, whatever the folder is called', () => {
  expect(projectNameOf('/x/Ünï Shop (2)')).toBe('uni-shop-2')
  expect(projectNameOf('/x/商店')).toBe('my-amazon-app')
  expect(projectNameOf('/')).toBe('my-amazon-app')
  expect(projectNameOf('/x/express')).toBe('express-app')
  const anyName = fc.string({ unit: 'grapheme' }).filter((name) => !/[/\\<>:"|?*]|[. ]$/.test(name))
  fc.assert(
    fc.property(anyName, (name) => {
      let made
      try {
        made = projectNameOf(join('/x', name))
      } catch {
        return
      }
      expect(made).toMatch(/^[a-z0-9](?:[a-z0-9-]{0,102}[a-z0-9])?$/)
    }),
  )
})

test.each([
  ['npm/10.8.2 node/v20.20.2 linux x64 workspaces/false', 'npm'],
  ['yarn/4.5.0 npm/? node/v22.0.0 darwin arm64', 'yarn'],
  ['bun/1.1.30 npm/? node/v22.6.0 linux x64', 'bun'],
  ['cnpm/9.4.0 node/v20.0.0', 'npm'],
  [undefined, 'npm'],
])('of the package manager %s it says %s', (userAgent, name) => {
  expect(packageManagerOf(userAgent)).toBe(name)
})

describe('the templates', () => {
  test('of JavaScript are those of TypeScript without types (else: npm run templates)', async () => {
    const script = join(ROOT, 'test/support/write-templates.mjs')
    const checked = await run(process.execPath, [script, '--check']).catch(
      (error: unknown) => error,
    )
    expect(checked).toMatchObject({ stdout: '' })
  })

  test.each(['session', 'token'] as const)(
    'of %s compile, and their own test passes',
    async (mode) => {
      const [typed, plain] = [link(`ts-${mode}`), link(`js-${mode}`)]
      writeProject(typed, buildProject('shop', { ...PRESETS, mode }, 'npm'))
      writeProject(plain, buildProject('shop', { ...PRESETS, mode, lang: 'js' }, 'npm'))
      const tsc = join(ROOT, 'node_modules/typescript-native/bin/tsc')
      const outputs = await Promise.all([
        run(process.execPath, [tsc, '--noEmit', '-p', typed]),
        run(process.execPath, ['--test', 'test/sign-in.test.js'], { cwd: plain }),
      ]).catch((error: unknown) => [error])
      expect(outputs).toMatchObject([
        { stdout: '' },
        { stdout: expect.stringContaining('# fail 0') },
      ])
    },
  )
})

/** A folder to which this package is installed, without npm. */
function link(name: string): string {
  const folder = place.path(name)
  const packages = join(folder, 'node_modules')
  mkdirSync(packages, { recursive: true })
  symlinkSync(ROOT, join(packages, 'express-amazon-auth'))
  for (const other of ['express', '@types']) {
    symlinkSync(join(ROOT, 'node_modules', other), join(packages, other))
  }
  return dirname(packages)
}
