import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync } from 'node:fs'
import { globalAgent } from 'node:https'
import { join } from 'node:path'

import { PEOPLE, startEmulator, type Emulator } from '../../../src/emulator'
import { Browser, send, type Answer } from '../../support/browser'
import { makeCertificate } from '../../support/certificate'
import { freePort } from '../../support/free-port'
import { Workplace, type Listening } from '../server/command-line'

const NGINX = ['/usr/sbin/nginx', 'nginx'].find((file) => spawnSync(file, ['-v']).status === 0)
const CONF = join(__dirname, '../../../examples/nginx/nginx.conf')
const START_MS = 60_000
/** Nobody has more, or longer, of what a profile holds. */
const LONGEST = {
  userId: 'amzn1.account.LONGEST',
  name: '名'.repeat(256),
  email: `${'e'.repeat(242)}@example.com`,
}
const EVIL = {
  'x-forwarded-for': '203.0.113.7',
  'x-forwarded-proto': 'http',
  'x-forwarded-host': 'evil.example',
  'cloudfront-forwarded-proto': 'http',
  forwarded: 'for=203.0.113.7;host=evil.example;proto=http',
}

const describeBehindNginx = NGINX === undefined ? skip() : describe

function skip(): typeof describe.skip {
  if (process.env.CI === 'true') throw new Error('CI needs nginx, and found none')
  console.warn('Skipped: there is no nginx on this machine.')
  return describe.skip
}

describeBehindNginx('examples/nginx', () => {
  let emulator: Emulator
  let place: Workplace
  let nginx: ChildProcess
  let nodes: readonly [Listening, Listening]
  let ports: { readonly http: number; readonly https: number }
  const browser = (): Browser => new Browser(`https://localhost:${ports.https}`)

  beforeAll(async () => {
    place = new Workplace()
    ports = { http: await freePort(), https: await freePort() }
    const anyReturnUrl = { allowedReturnUrls: [], allowAnyReturnUrl: true }
    emulator = await startEmulator({
      people: [...PEOPLE, LONGEST],
      clients: ['root', 'pages'].map((clientId) => ({
        clientId,
        clientSecret: 's',
        ...anyReturnUrl,
      })),
    })
    place.write('application.conf', [
      'para.env = production',
      'para.port = 0',
      'para.host = "127.0.0.1"',
      `para.public_url = "https://localhost:${ports.https}"`,
      'para.secret_key = "the-master-key-behind-nginx-0123456789"',
      'para.az_app_id = "root", para.az_secret = "s"',
      'para.apps.pages { az_app_id = pages, az_secret = s, signin_success = "https://pages.example/in?jwt=id" }',
      `para.store.url = "sqlite:${place.path('store.db')}"`,
      `para.amazon.authorize_url = "${emulator.authorizeUrl}"`,
      `para.amazon.api_url = "${emulator.apiUrl}"`,
    ])
    const start = () => place.listen(['serve', '--allow-emulator'])
    nodes = await Promise.all([start(), start()])
    const certificate = makeCertificate(place.folder)
    globalAgent.options.ca = certificate.cert
    place.write('nginx.conf', [confFor(certificate)])
    nginx = await startNginx()
  }, START_MS)
  afterAll(async () => {
    nginx.kill('SIGQUIT')
    await once(nginx, 'exit')
    await place.clear()
    await emulator.close()
  })

  /** The file as it stands, but for names, ports and places. */
  function confFor({ keyFile, certFile }: { readonly keyFile: string; readonly certFile: string }) {
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
      .map((name) => `${name}_temp_path ${place.path(name)};`)
      .join('\n')
    const changes: readonly (readonly [string, string])[] = [
      ['/run/nginx.pid', place.path('nginx.pid')],
      ['/var/log/nginx/', `${place.folder}/`],
      ['http {', `http {\n${temporary}`],
      ['worker_connections 4096', 'worker_connections 256'],
      ['listen 443', `listen 127.0.0.1:${ports.https}`],
      ['listen 80', `listen 127.0.0.1:${ports.http}`],
      ['https://auth.example.com', `https://localhost:${ports.https}`],
      ['auth.example.com', 'localhost'],
      ['127.0.0.1:8080', new URL(nodes[0].origin).host],
      ['127.0.0.1:8081', new URL(nodes[1].origin).host],
      ['/etc/nginx/tls/fullchain.pem', certFile],
      ['/etc/nginx/tls/privkey.pem', keyFile],
    ]
    let text = readFileSync(CONF, 'utf8')
    for (const [from, to] of changes) {
      expect(text).toContain(from)
      text = text.replaceAll(from, to)
    }
    return text
  }

  /** Lets the running nginx read its file again, with these changes. */
  async function reload(changes: readonly (readonly [from: RegExp, to: string])[]): Promise<void> {
    const before = readFileSync(place.path('nginx.conf'), 'utf8')
    const marker = `x-conf-${Date.now()}`
    let text = before.replace(
      'server_tokens off;',
      `server_tokens off; add_header ${marker} 1 always;`,
    )
    for (const [from, to] of changes) {
      expect(text).toMatch(from)
      text = text.replace(from, to)
    }
    place.write('nginx.conf', [text])
    nginx.kill('SIGHUP')
    while ((await browser().get('/v1/_live')).headers[marker] === undefined) {
      await new Promise((again) => setTimeout(again, 20))
    }
    // Those to its older workers, which hang up when they have nothing to do.
    globalAgent.destroy()
  }

  async function startNginx(): Promise<ChildProcess> {
    const args = ['-p', place.folder, '-c', place.path('nginx.conf'), '-e', place.path('error.log')]
    mkdirSync(place.path('logs'))
    execFileSync(NGINX ?? 'nginx', [...args, '-t'], { stdio: 'pipe' })
    const child = spawn(NGINX ?? 'nginx', [...args, '-g', 'daemon off;'], { stdio: 'inherit' })
    const deadline = Date.now() + START_MS / 2
    while (!(await isAnswering())) {
      if (Date.now() > deadline) throw new Error(readFileSync(place.path('error.log'), 'utf8'))
      await new Promise((again) => setTimeout(again, 50))
    }
    return child
  }

  async function isAnswering(): Promise<boolean> {
    const answer = await browser()
      .get('/v1/_ready')
      .catch(() => undefined)
    return answer?.status === 200
  }

  async function signIn(visitor: Browser, headers: Readonly<Record<string, string>> = {}) {
    const begun = await visitor.get('/amazon_auth', headers)
    return visitor.get(await emulator.allow(begun.location), headers)
  }

  test('http is sent to https, and another host gets no answer', async () => {
    const plain = await send(new URL(`http://localhost:${ports.http}/signin?a=1`))
    expect(plain).toMatchObject({
      status: 301,
      location: `https://localhost:${ports.https}/signin?a=1`,
    })
    const elsewhere = { headers: { host: 'evil.example' } }
    await expect(send(new URL(`https://localhost:${ports.https}/`), elsewhere)).rejects.toThrow()
  })

  test('a login over https ends signed in, by a cookie that only https carries', async () => {
    const visitor = browser()
    const landed = await signIn(visitor)
    expect(landed).toMatchObject({ status: 302, location: '/' })
    const [cookie = ''] = landed.setCookies.filter((line) => line.startsWith('__Host-amazon-auth='))
    expect(cookie).toMatch(/; Secure/)
    expect((await visitor.get('/')).body).toContain('Signed in as')
  })

  test('both nodes get their share', async () => {
    for (let count = 0; count < 30; count += 1) await browser().get('/signin')
    for (const node of nodes) await node.said(/"path":"\/signin"/)
  })

  test('a return URL opened ten times at once ends well each time, by one exchange', async () => {
    const visitor = browser()
    const begun = await visitor.get('/amazon_auth')
    const back = await emulator.allow(begun.location)
    emulator.journal.clear()
    const landed = await Promise.all(Array.from({ length: 10 }, () => visitor.clone().get(back)))
    expect(new Set(landed.map(({ location }) => location))).toEqual(new Set(['/']))
    expect(emulator.journal.count('/auth/o2/token')).toBe(1)
  })

  test('forwarding headers of a visitor are not believed', async () => {
    const visitor = browser()
    const begun = await visitor.get('/amazon_auth', EVIL)
    const redirectUri = new URL(begun.location).searchParams.get('redirect_uri') ?? ''
    expect(redirectUri).toMatch(`https://localhost:${ports.https}/amazon_auth`)
    const landed = await visitor.get(await emulator.allow(begun.location), EVIL)
    expect(landed.setCookies.join()).toContain('; Secure')
    const id = String(landed.headers['x-request-id'])
    const audited = new RegExp(`.*"requestId":"${id}".*"msg":"audit".*`)
    let line: string | undefined
    while (line === undefined) {
      await new Promise((again) => setTimeout(again, 20))
      line = nodes.map(({ stdout }) => audited.exec(stdout)?.[0]).find((found) => found)
    }
    expect(line).toContain('"network":"127.0.0.0/24"')
    expect(landed.location).not.toContain('evil')
  })

  test('the log of nginx has no query: no code, no state, no token', async () => {
    const visitor = browser()
    const begun = await visitor.get('/amazon_auth')
    const back = new URL(await emulator.allow(begun.location))
    await visitor.get(back.href)
    const lines = readFileSync(place.path('access.log'), 'utf8')
    expect(lines).toContain(' GET /amazon_auth 302 ')
    expect(lines).not.toContain(back.searchParams.get('code'))
    expect(lines).not.toContain('?')
  })

  test('T20 with default buffers, no cookie, parameter or claim of a visitor makes an answer too big', async () => {
    await reload([
      [/proxy_buffer_size 8k;/, ''],
      [/max_fails=0/g, 'max_fails=1 fail_timeout=60s'],
    ])
    const cookie = Array.from({ length: 60 }, (_, n) => {
      const name = `__Host-amazon-login.${String(n).padStart(10, '0')}`
      return `${name}=${'x'.repeat(40)}`
    }).join('; ')
    const answers: Answer[] = []
    const nonce = `nonce=${'"'.repeat(128)}`
    const letters = ['y'.repeat(6_000), `/${'y'.repeat(560)}`, `https://${'y'.repeat(2_000)}/`]
    for (const text of [...letters, `/${'名'.repeat(150)}`]) {
      for (const name of ['returnto', 'host_url']) {
        const visitor = browser()
        const begun = await visitor.get(
          `/amazon_auth?${name}=${encodeURIComponent(text)}&${nonce}`,
          {
            cookie,
          },
        )
        answers.push(begun)
        if (!begun.location.startsWith(emulator.authorizeUrl)) continue
        answers.push(await visitor.get(await emulator.allow(begun.location)))
      }
    }
    const visitor = browser()
    const begun = await visitor.get(`/amazon_auth?state=pages&${nonce}`)
    const landed = await visitor.get(await emulator.allow(begun.location, LONGEST.userId))
    expect(landed.location).toMatch(/^https:\/\/pages\.example\/in\?jwt=ey/)
    answers.push(
      landed,
      await browser().send('/amazon_auth/logout', { method: 'POST', headers: { cookie } }),
    )
    expect(answers.filter(({ status }) => status >= 500)).toEqual([])
    expect(readFileSync(place.path('error.log'), 'utf8')).not.toContain('too big header')
    for (let count = 0; count < 30; count += 1) await browser().get('/v1/_live')
    const last = readFileSync(place.path('access.log'), 'utf8').split('\n').slice(-31)
    for (const { origin } of nodes) expect(last.join()).toContain(` ${new URL(origin).host} `)
  })

  test('when a node dies, nobody notices', async () => {
    const visitor = browser()
    await signIn(visitor)
    nodes[1].child.kill('SIGKILL')
    for (let count = 0; count < 20; count += 1) {
      expect((await visitor.get('/v1/_me')).status).toBe(200)
    }
    expect(await signIn(browser())).toMatchObject({ status: 302, location: '/' })
  })
})
