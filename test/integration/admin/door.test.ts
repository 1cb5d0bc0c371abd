import { startAdminWorld, tokenIn, type AdminWorld } from '../../support/admin-world'
import { startHost } from '../../support/host'

const EMULATED = [
  { userId: 'amzn1.account.OPERATOR', name: 'Olga Operator', email: 'olga@example.com' },
  { userId: 'amzn1.account.VISITOR', name: 'Victor Visitor', email: 'victor@example.com' },
] as const

let world: AdminWorld
beforeAll(async () => {
  world = await startAdminWorld()
})
afterAll(() => world.close())

const html = { accept: 'text/html' }

test('whoever is not signed in is sent to sign in, and comes back to the page', async () => {
  const browser = world.browser()
  const asked = await browser.get('/admin/apps?search=a', html)
  expect(asked).toMatchObject({ status: 302, location: '/admin/sign-in?to=%2Fapps%3Fsearch%3Da' })
  const page = await browser.get(asked.location, html)
  expect(page.body).toContain('<input type="hidden" name="to" value="/apps?search=a" />')
  const form = { access_key: 'app:para', secret_key: world.secretOf('para'), to: '/apps?search=a' }
  const answer = await browser.send('/admin/sign-in', { method: 'POST', form })
  expect(answer).toMatchObject({ status: 303, location: '/admin/apps?search=a' })
  expect(answer.setCookies.join()).toMatch(
    /^amazon-auth-admin=[\w-]{32}; Path=\/; HttpOnly; SameSite=Strict$/,
  )
})

test.each([
  ['de-AT,de;q=0.9,en;q=0.5', 'de', 'Als Betreiber anmelden'],
  ['fr', 'fr', 'Se connecter en tant qu’exploitant'],
  ['es-MX', 'es', 'Iniciar sesión como operador'],
  ['sv, tlh;q=0.9', 'en', 'Sign in as an operator'],
])('whoever accepts %s is answered in %s', async (accepted, lang, title) => {
  const headers = { ...html, 'accept-language': accepted }
  const page = await world.browser().get('/admin/sign-in', headers)
  expect(page.body).toContain(`<html lang="${lang}" dir="ltr">`)
  expect(page.body).toContain(`<h1>${title}</h1>`)
  expect(page.headers.vary).toMatch(/\bAccept-Language\b/)
})

test('wrong keys are refused alike, and are not in the answer', async () => {
  for (const [app, secret] of [
    ['app:para', 'wrong-secret-typed'],
    ['app:nobody', 'wrong-secret-typed'],
    ['', ''],
  ]) {
    const form = { access_key: String(app), secret_key: String(secret) }
    const answer = await world
      .browser()
      .send('/admin/sign-in', { method: 'POST', form, headers: html })
    expect(answer.status).toBe(403)
    expect(answer.body).toContain('These are not the keys of an app that is switched on.')
    expect(answer.body).not.toContain('wrong-secret-typed')
    expect(answer.setCookies.join()).not.toContain('amazon-auth-admin')
  }
})

test('where cookies do not come back, the keys are not taken, and the page says why', async () => {
  const lossy = world.browser()
  const page = await lossy.get('/admin/sign-in', html)
  expect(page.setCookies).toEqual(['amazon-auth-cookies=1; Path=/; HttpOnly; SameSite=Strict'])
  expect(page.body).toContain('name="probed"')
  lossy.cookies.clear()
  const keys = { access_key: 'app:para', secret_key: world.secretOf('para'), probed: '1' }
  const refused = await lossy.send('/admin/sign-in', { method: 'POST', form: keys, headers: html })
  expect(refused.status).toBe(400)
  expect(refused.body).toContain('a cookie that did not come back')
  expect(refused.body).not.toContain(world.secretOf('para'))
  expect(refused.setCookies.join()).not.toContain('amazon-auth-admin=')
  // This one it has kept.
  const taken = await lossy.send('/admin/sign-in', { method: 'POST', form: keys, headers: html })
  expect(taken).toMatchObject({ status: 303, location: '/admin/' })
  expect((await lossy.get('/admin/sign-in', html)).setCookies).toEqual([])
})

test('an operator of one app is sent to it, and nothing else is there', async () => {
  const operator = await world.operator('acme')
  expect(await operator.get('/')).toMatchObject({ status: 302, location: '/admin/apps/acme' })
  for (const path of ['/apps', '/apps/zenith', '/apps/para', '/sign-ins', '/apps/zenith/users']) {
    expect(await operator.get(path)).toMatchObject({ status: 404 })
  }
})

test('a form from another site, or without its token, changes nothing', async () => {
  const { browser } = await world.operator()
  const page = await browser.get('/admin/nothing', html)
  const token = tokenIn(page.body)
  const send = (form: Record<string, string>, headers: Record<string, string>) =>
    browser.send('/admin/sign-out', { method: 'POST', form, headers: { ...html, ...headers } })
  expect((await send({ form_token: token }, { origin: 'https://evil.example' })).status).toBe(403)
  expect((await send({ form_token: token }, { 'sec-fetch-site': 'same-site' })).status).toBe(403)
  expect((await send({ form_token: 'x' }, {})).status).toBe(403)
  expect((await send({}, {})).status).toBe(403)
  expect((await browser.get('/admin/nothing', html)).status).toBe(404)
  expect((await send({ form_token: token }, { origin: world.origin })).status).toBe(200)
  expect((await browser.get('/admin/nothing', html)).status).toBe(302)
})

test('a form that comes when the session has ended leads to sign in, and then to the page that it stands on', async () => {
  for (const [path, page] of [
    ['/apps/acme/settings', '/apps/acme/settings'],
    ['/apps/acme/webhooks/wh_1/rotate', '/apps/acme/webhooks/wh_1'],
    ['/sign-out', '/'],
    ['/no/such/form', '/'],
  ]) {
    const form = { form_token: 'x' }
    const answer = await world.browser().send(`/admin${path}`, { method: 'POST', form })
    expect(answer.status).toBe(401)
    expect(answer.body).toContain(`<input type="hidden" name="to" value="${page}" />`)
  }
})

test('who opens the address of a form, as a bookmark does, is led to the page that it stands on', async () => {
  const operator = await world.operator('acme')
  for (const [path = '', page] of [
    ['/apps/acme/webhooks/wh_1/rotate', '/apps/acme/webhooks/wh_1'],
    ['/sign-out', '/'],
  ]) {
    expect(await operator.get(path)).toMatchObject({ status: 302, location: `/admin${page}` })
  }
})

test('the pages load nothing but their own files, which may be kept for good', async () => {
  const page = await world.browser().get('/admin/sign-in', html)
  expect(page.headers['content-security-policy']).toContain("script-src 'self'")
  expect(page.headers['content-security-policy']).not.toContain('unsafe')
  const [, href = ''] = /<link rel="stylesheet" href="([^"]+)"/.exec(page.body) ?? []
  const sheet = await world.browser().get(href)
  expect(sheet).toMatchObject({ status: 200 })
  expect(sheet.headers).toMatchObject({
    'content-type': 'text/css; charset=utf-8',
    'cache-control': 'public, max-age=31536000, immutable',
  })
})

test('a session ends with a new secret of its app, and where the app is switched off', async () => {
  const operator = await world.operator('acme')
  world.store.run("UPDATE apps SET active = 0 WHERE app_id = 'acme'")
  await new Promise((resolve) => setTimeout(resolve, 2_000))
  expect((await operator.get('/apps/acme')).status).toBe(302)
  world.store.run("UPDATE apps SET active = 1 WHERE app_id = 'acme'")
})

test('in a host there are no such pages unless they are asked for', async () => {
  const host = await startHost()
  try {
    expect((await host.browser().get('/admin/sign-in', html)).status).toBe(404)
  } finally {
    await host.close()
  }
})

test('under a mount, another path and one origin', async () => {
  const there = await startAdminWorld({
    mount: '/auth',
    options: { admin: { path: '/ops', origin: 'http://localhost' } },
  })
  try {
    const { port } = new URL(there.origin)
    const browser = there.browser()
    expect((await browser.get('/auth/ops', html)).status).toBe(404)
    const asked = await browser.get('/auth/ops/', { ...html, host: 'localhost' })
    expect(asked).toMatchObject({ status: 302, location: '/auth/ops/sign-in' })
    expect((await browser.get('/auth/ops', { ...html, host: `localhost:${port}` })).status).toBe(
      404,
    )
  } finally {
    await there.close()
  }
})

test('who is named by identifier signs in with Amazon, and is out when they are locked or not named', async () => {
  const [person] = EMULATED
  const identifier = `az:${person.userId}`
  const named = await startAdminWorld({
    people: EMULATED,
    options: { admin: { identifiers: identifier } },
  })
  try {
    const browser = named.browser()
    const page = await browser.get('/admin/sign-in?to=%2Fapps', html)
    const [, begin = ''] = /href="([^"]*amazon_auth[^"]*)"/.exec(page.body) ?? []
    const back = await named.signIn(browser, begin.replaceAll('&#38;', '&'), person.userId)
    expect(back.location).toBe('/admin/sign-in?to=%2Fapps')
    const offered = await browser.get(back.location, html)
    expect(offered.body).toContain(`Go on as ${person.name}`)
    const form = { by: 'amazon', to: '/apps' }
    const answer = await browser.send('/admin/sign-in', { method: 'POST', form, headers: html })
    expect(answer).toMatchObject({ status: 303, location: '/admin/apps' })
    expect((await browser.get('/admin/nothing', html)).status).toBe(404)
    named.store.run('UPDATE users SET active = 0')
    expect((await browser.get('/admin/nothing', html)).status).toBe(302)

    const other = named.browser()
    await named.signIn(other, begin.replaceAll('&#38;', '&'), EMULATED[1].userId)
    const refused = await other.get('/admin/sign-in', html)
    expect(refused.body).toContain(`az:${EMULATED[1].userId}`)
    expect(refused.body).not.toContain('Go on as')
    const forced = await other.send('/admin/sign-in', { method: 'POST', form, headers: html })
    expect(forced.status).toBe(403)
  } finally {
    await named.close()
  }
})

test('a link of another site leads to the page, though browsers hold the cookie back at first', async () => {
  const headers = { ...html, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }
  const page = await world.browser().get('/admin/apps', headers)
  expect(page.status).toBe(200)
  expect(page.body).toContain('<meta http-equiv="refresh" content="0" />')
  const again = await world
    .browser()
    .get('/admin/apps', { ...html, 'sec-fetch-site': 'same-origin' })
  expect(again.location).toBe('/admin/sign-in?to=%2Fapps')
})
