import { existsSync } from 'node:fs'

import { Browser } from '../../support/browser'
import { Workplace } from './command-line'
import { openSite, ROOT, type Site } from './admin'

let site: Site
beforeAll(async () => {
  site = await openSite()
})
afterAll(() => site.close())

const CLIENT = { clientId: 'amzn1.try', clientSecret: 'the-secret-of-try' }

describe.each(['atStore', 'atServer'] as const)('try, %s', (aim) => {
  test('prints a link that the server opens, to a login that stores nobody', async () => {
    const name = `tried-${aim}`
    const keys = await site.client(ROOT).apps.create(name)
    site.emulator.addClient({ ...CLIENT, allowedReturnUrls: [], allowAnyReturnUrl: true })
    const settings = { az_app_id: CLIENT.clientId, az_secret: CLIENT.clientSecret }
    await site.client(keys).settings.replace(settings)
    const { args, environment } = site[aim](keys)
    const { stdout, stderr, exitCode } = await site.run(['try', name, ...args], environment)
    expect([stderr, exitCode]).toEqual(['', 0])
    const [link = '', until = ''] = stdout.split('\n')
    expect(until).toMatch(/^Good until \d{4}-\d\d-\d\dT[\d:.]+Z\.$/)
    const browser = new Browser(site.url)
    const { pathname, search } = new URL(link)
    const page = await browser.get(pathname + search)
    expect(page.status).toBe(200)
    const [, beginsAt = ''] = /href="([^"]+)" data-testid="begin"/.exec(page.body) ?? []
    const begun = await browser.get(beginsAt.replaceAll('&#38;', '&'))
    const shown = await browser.get(await site.emulator.allow(begun.location))
    expect([shown.status, shown.location]).toEqual([200, ''])
    expect(shown.body).toContain('Ada Lindqvist')
    expect((await site.client(keys).users.list()).totalHits).toBe(0)
  })

  test('of an app that is not there is told in a sentence', async () => {
    const { args, environment } = site[aim](ROOT)
    const { stdout, stderr, exitCode } = await site.run(['try', 'nobody', ...args], environment)
    expect([stdout, exitCode]).toEqual(['', 1])
    expect(stderr).toMatch(/There is no app nobody|Not found/)
  })
})

test('without a public address tells whose the link is, and makes no store that is not there', async () => {
  const place = new Workplace()
  const environment = { para_store_url: 'sqlite:a.db' }
  const none = await place.run(['try', 'shop'], '', environment)
  expect(none).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/^There is no store /) })
  expect(existsSync(place.path('a.db'))).toBe(false)
  await place.run(['apps', 'create', 'shop'], '', environment)
  const { stdout } = await place.run(['try', 'shop'], '', environment)
  expect(stdout).toMatch(/^http:\/\/localhost:8080\/amazon_auth\/try\?link=/)
  expect(stdout).toMatch(/\npara\.public_url is not set, .*--url, or client\.tryLink\(\)/)
  await place.clear()
})

test('the keys of an app make a link to itself alone, those of the root app to any', async () => {
  const root = site.client(ROOT)
  const keys = await root.apps.create('own')
  await root.apps.create('other')
  const own = site.client(keys)
  const before = Date.now()
  const { url, expiresAtMs } = await own.tryLink()
  expect(url).toContain(`${site.url}/amazon_auth/try?link=`)
  expect(expiresAtMs - before).toBeGreaterThan(590_000)
  await expect(own.tryLink({ app: 'other' })).rejects.toMatchObject({ status: 403 })
  await expect(root.tryLink({ app: 'app:other' })).resolves.toMatchObject({
    url: expect.any(String),
  })
  await expect(root.tryLink({ app: 'nobody' })).rejects.toMatchObject({ status: 404 })
})
