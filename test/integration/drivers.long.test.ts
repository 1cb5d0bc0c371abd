import { spawnSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { createTestDatabase, describeOnPostgres, type TestDatabase } from '../support/postgres'

const ROOT = join(__dirname, '../..')
const SECRET_KEY = 'kP3v9Qx7Lm2Wz8Rt5Yb1Nc6Hd4Jf0Gs-'
const OF_SQLITE = ['libsql', '@libsql']
const OF_POSTGRES = ['pg']
const OF_REDIS = ['redis', 'connect-redis']

/** Opens a store and tells which packages it has loaded for that. */
const HOST = `
  const { amazonAuth } = require('express-amazon-auth')
  const auth = amazonAuth(JSON.parse(process.argv[1]))
  auth.ready().then(() => auth.close()).then(() => {
    const found = Object.keys(require.cache).map((file) => /.*node_modules.((?:@[^/]+.)?[^/]+)/.exec(file)?.[1])
    console.log(JSON.stringify([...new Set(found)]))
  }, (error) => { console.error(error.message); process.exit(1) })`

interface Installed {
  readonly folder: string
  run(...args: readonly string[]): {
    readonly status: number | null
    stdout: string
    stderr: string
  }
}

describe('a host', () => {
  const made: string[] = []
  afterEach(() => {
    for (const folder of made.splice(0)) rmSync(folder, { recursive: true })
  })

  /** A folder in which this package is installed with all that it depends on, but for some. */
  function installWithout(...missing: readonly string[]): Installed {
    const folder = mkdtempSync(join(tmpdir(), 'amazon-auth-drivers-'))
    made.push(folder)
    const modules = join(folder, 'node_modules')
    const own = join(modules, 'express-amazon-auth')
    mkdirSync(own, { recursive: true })
    cpSync(join(ROOT, 'package.json'), join(own, 'package.json'))
    symlinkSync(join(ROOT, 'dist'), join(own, 'dist'))
    for (const name of readdirSync(join(ROOT, 'node_modules'))) {
      const isLeftOut = missing.includes(name) || name.startsWith('.')
      if (!isLeftOut) symlinkSync(join(ROOT, 'node_modules', name), join(modules, name))
    }
    const links = ['--preserve-symlinks', '--preserve-symlinks-main']
    return {
      folder,
      run: (...args) =>
        spawnSync(process.execPath, [...links, ...args], {
          cwd: folder,
          encoding: 'utf8',
          env: { PATH: process.env.PATH },
        }),
    }
  }

  function openStore(host: Installed, options: object) {
    const logger = 'logger: { debug() {}, info() {}, warn() {}, error() {} }'
    const code = HOST.replace('JSON.parse(process.argv[1])', `{ ...$&, ${logger} }`)
    return host.run('-e', code, JSON.stringify(options))
  }

  test('with an SQLite file starts where neither pg nor the packages for Redis are installed', () => {
    const host = installWithout(...OF_POSTGRES, ...OF_REDIS)
    const { stdout, stderr, status } = openStore(host, { store: { url: 'sqlite:a.db' } })
    expect([stderr, status]).toEqual(['', 0])
    expect(JSON.parse(stdout)).toContain('libsql')
  })

  test('with an SQLite file loads neither pg nor the packages for Redis where they are installed', () => {
    const { stdout } = openStore(installWithout(), { store: { url: 'sqlite:a.db' } })
    const loaded = JSON.parse(stdout) as readonly string[]
    expect(loaded).toContain('libsql')
    expect([...OF_POSTGRES, ...OF_REDIS].filter((name) => loaded.includes(name))).toEqual([])
  })

  test.each([
    ['libsql', 'libsql@0.5`', { store: { url: 'sqlite:a.db' } }, 'SQLite (store.url)'],
    ['@libsql', '@libsql/', { store: { url: 'sqlite::memory:' } }, 'SQLite (store.url)'],
    ['pg', 'pg@8`', { store: { url: 'postgres://u@h/d' } }, 'PostgreSQL (store.url)'],
    [
      'redis',
      'redis@6 connect-redis@9`',
      { session: { storeUrl: 'redis://h' } },
      'Redis (session.storeUrl)',
    ],
    ['connect-redis', 'redis@6 connect-redis@9`', { session: { storeUrl: 'redis://h' } }, 'Redis'],
    ['express', 'express@5`', {}, 'express-amazon-auth'],
  ])(
    'that lacks %s is told in one sentence what to install, when the middleware is made',
    (missing, named, options, purpose) => {
      const host = installWithout(missing)
      const { stderr, status } = openStore(host, { secretKey: SECRET_KEY, ...options })
      expect(status).toBe(1)
      const [sentence = ''] = /^.*needs the package.*$/m.exec(stderr) ?? []
      expect(sentence).toContain(purpose)
      expect(sentence).toContain(`is not installed: run \`npm install ${named}`)
    },
  )

  test.each([
    ['express', '4.17.3', {}, 'from 4.21 or 5.0 on', 'npm install express@4'],
    ['pg', '8.11.5', { store: { url: 'postgres://u@h/d' } }, 'from 8.16 on', 'npm install pg@8'],
    ['connect-redis', '7.1.1', { session: { storeUrl: 'redis://h' } }, 'from 9.0 on', 'redis@9`'],
  ])('whose %s is of release %s is told so', (name, version, options, oldest, command) => {
    const host = installWithout(name)
    const folder = join(host.folder, 'node_modules', name)
    mkdirSync(folder)
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, version }))
    writeFileSync(join(folder, 'index.js'), '')
    const { stderr, status } = openStore(host, { secretKey: SECRET_KEY, ...options })
    expect(status).toBe(1)
    const [sentence = ''] = /^.*needs the package.*$/m.exec(stderr) ?? []
    expect(sentence).toContain(`the package ${name} ${oldest}, and ${version} is installed`)
    expect(sentence).toContain(command)
  })

  test('whose Express is newer than any that is known is let try', () => {
    const host = installWithout('express')
    const folder = join(host.folder, 'node_modules/express')
    mkdirSync(folder)
    writeFileSync(join(folder, 'package.json'), '{"name":"express","version":"6.0.0"}')
    const real = JSON.stringify(join(ROOT, 'node_modules/express'))
    writeFileSync(join(folder, 'index.js'), `module.exports = require(${real})`)
    const { stderr, status } = openStore(host, { store: { url: 'sqlite::memory:' } })
    expect([stderr, status]).toEqual(['', 0])
  })

  test('whose native part of libsql does not run on its machine is told so', () => {
    const host = installWithout('@libsql')
    const parts = join(host.folder, 'node_modules/@libsql')
    for (const name of readdirSync(join(ROOT, 'node_modules/@libsql'))) {
      mkdirSync(join(parts, name), { recursive: true })
      writeFileSync(join(parts, name, 'package.json'), '{"main":"index.node"}')
      writeFileSync(join(parts, name, 'index.node'), 'of another machine')
    }
    const { stderr, status } = openStore(host, { store: { url: 'sqlite:a.db' } })
    expect(status).toBe(1)
    const machine = `${process.platform} ${process.arch}`
    expect(stderr).toContain(`the package libsql, which does not run on this machine (${machine})`)
  })

  test.each([
    ['serve', 'libsql', 'SQLite (para.store.url) needs the package libsql, which is not installed'],
    ['demo', 'express', 'express-amazon-auth needs the package express, which is not installed'],
  ])('that runs the command %s without %s is told without a stack', (command, missing, told) => {
    const host = installWithout(missing)
    const cli = 'node_modules/express-amazon-auth/dist/server/cli.js'
    const { stderr, status } = host.run(cli, command)
    expect(status).toBe(1)
    expect(stderr.trim().split('\n')).toEqual([expect.stringContaining(told)])
  })

  describeOnPostgres('with PostgreSQL', () => {
    let database: TestDatabase
    beforeAll(async () => {
      database = await createTestDatabase()
    })
    afterAll(() => database.drop())

    test('starts where neither libsql nor the packages for Redis are installed', () => {
      const host = installWithout(...OF_SQLITE, ...OF_REDIS)
      const options = { secretKey: SECRET_KEY, store: { url: database.url } }
      const { stdout, stderr, status } = openStore(host, options)
      expect([stderr, status]).toEqual(['', 0])
      expect(JSON.parse(stdout)).toContain('pg')
    })
  })
})
