import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

import { PEOPLE } from '../../../src/emulator'
import { decideAsBrowser } from '../../../src/emulator/decide-as-browser'
import { Browser } from '../../support/browser'
import { freePort } from '../../support/free-port'

const ROOT = resolve(__dirname, '../../..')
/** A machine with more to do takes several times as long. */
jest.setTimeout(240_000)
const exec = promisify(execFile)
const NPM = ['--prefer-offline', '--no-audit', '--no-fund']
const ALLOW = { decision: 'allow', person: PEOPLE[0]?.userId ?? '', without: [] } as const
const FLAVOURS = ['5', '4'].flatMap((express) =>
  ['ts', 'js'].flatMap((lang) => ['session', 'token'].map((mode) => ({ express, lang, mode }))),
)

let folder: string
let tarball: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'amazon-auth init '))
  await exec('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: ROOT })
  tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? ''
  await installShared()
}, 180_000)
afterAll(() => rmSync(folder, { recursive: true }))

/** What projects of one Express need, once: they lie below it. What differs for the other is put over a copy. */
async function installShared(): Promise<void> {
  const [first, second] = [join(folder, '5'), join(folder, '4')]
  mkdirSync(first)
  writeFileSync(join(first, 'package.json'), '{ "private": true }')
  const others = [join(folder, tarball), '@types/node@20', 'tsx@4', 'typescript@6']
  const install = (shared: string, express: string, ...more: readonly string[]) =>
    npm(shared, 'install', ...NPM, `express@${express}`, `@types/express@${express}`, ...more)
  await install(first, '5', ...others)
  cpSync(first, second, { recursive: true, verbatimSymlinks: true })
  await install(second, '4')
}

test.each(FLAVOURS)(
  'a project of $lang, Express $express and $mode builds, passes its own test, and signs in',
  async ({ express, lang, mode }) => {
    const name = `${lang} ${mode}`
    const port = await freePort()
    const choices = ['--lang', lang, '--express', express, '--mode', mode, '--port', String(port)]
    const shared = join(folder, express)
    const command = join(shared, 'node_modules/.bin/express-amazon-auth')
    await exec(command, ['init', name, ...choices], { cwd: shared })
    const project = join(shared, name)
    // npm leaves out some names where it packs.
    expect(readdirSync(project)).toEqual(expect.arrayContaining(['.gitignore', '.env.example']))

    if (lang === 'ts') await npm(project, 'run', 'build')
    expect((await npm(project, 'test')).stdout).toMatch(/pass 1\b[^]*fail 0\b/)

    const dev = spawn(process.execPath, [lang === 'ts' ? 'dist/src/dev.js' : 'src/dev.js'], {
      cwd: project,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    try {
      await until(dev, `http://localhost:${port} is ready.`)
      await (mode === 'session' ? signInBySession : signInByToken)(
        new Browser(`http://localhost:${port}`),
        name.replace(' ', '-'),
      )
    } finally {
      dev.kill()
      expect(await once(dev, 'exit')).toEqual([0, null])
    }
  },
)

async function signInBySession(browser: Browser): Promise<void> {
  expect((await browser.get('/')).body).toContain('Login with Amazon')
  expect(await signIn(browser, '/account')).toBe('/account')
  expect((await browser.get('/account')).body).toContain('Ada Lindqvist, ')
  const headers = { origin: browser.origin }
  await browser.send('/amazon_auth/logout', { method: 'POST', headers })
  expect((await browser.get('/account')).status).toBe(302)
}

async function signInByToken(browser: Browser, app: string): Promise<void> {
  expect((await browser.get('/')).body).toContain(`/amazon_auth?state=${app}`)
  expect((await browser.get('/page.js')).body).toContain(`appid: '${app}'`)
  const page = new URL(await signIn(browser, `/amazon_auth?state=${app}`), browser.origin)
  const token = page.searchParams.get('jwt')
  const traded = await fetch(new URL('/jwt_auth', page), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ provider: 'passwordless', appid: app, token }),
  })
  const { jwt } = (await traded.json()) as { jwt: { access_token: string } }
  expect((await browser.get('/api/me')).status).toBe(401)
  const me = await browser.get('/api/me', { authorization: `Bearer ${jwt.access_token}` })
  expect(JSON.parse(me.body)).toMatchObject({ name: 'Ada Lindqvist', appid: app })
}

async function signIn(browser: Browser, path: string): Promise<string> {
  let to = path
  while (!to.includes('/ap/oa?')) to = (await browser.get(to)).location
  return (await browser.get(await decideAsBrowser(to, new URL(to).origin, ALLOW))).location
}

async function until({ stdout }: ChildProcess, words: string): Promise<void> {
  let said = ''
  for await (const chunk of stdout ?? []) {
    said += String(chunk)
    if (said.includes(words)) return
  }
  throw new Error(`it ended, and has said: ${said}`)
}

function npm(cwd: string, ...args: string[]): Promise<{ stdout: string }> {
  return exec('npm', args, { cwd, maxBuffer: 10 ** 7 })
}
