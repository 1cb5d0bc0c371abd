import { startAdminWorld, type AdminWorld, type OperatorBrowser } from '../../support/admin-world'
import { fillFigures } from './fill-figures'

let world: AdminWorld
let root: OperatorBrowser
let acme: OperatorBrowser
beforeAll(async () => {
  world = await startAdminWorld()
  root = await world.operator()
  acme = await world.operator('acme')
})
afterAll(() => world.close())

test('an app that nobody has signed in to says so, and leads to its set-up', async () => {
  const { status, body } = await acme.get('/apps/acme')
  expect(status).toBe(200)
  expect(body).toContain('No sign-ins yet')
  expect(body).toContain('href="/admin/apps/acme/setup"')
  expect(body).not.toContain('<svg')
  const keyless = await root.get('/apps/keyless')
  expect(keyless.body).toContain('Missing: nobody can sign in')
})

describe('with sign-ins', () => {
  beforeAll(async () => {
    await fillFigures(world.store.url, 'acme')
    await fillFigures(world.store.url, 'zenith')
    const unknown = await world.browser().get('/amazon_auth?state=nowhere&code=x')
    expect(unknown.status).toBe(302)
  })

  test('an app sees its own figures, in charts and in tables, by minute, hour and day', async () => {
    for (const [period, points] of [
      ['hour', 60],
      ['day', 24],
      ['month', 31],
    ] as const) {
      const { status, body } = await acme.get(`/apps/acme?period=${period}`)
      expect(status).toBe(200)
      const [, table = ''] = /id="outcomes-table">.*?<tbody>(.*?)<\/tbody>/s.exec(body) ?? []
      expect(table.match(/<tr>/g)).toHaveLength(points)
      expect(body).toMatch(/aria-current="page">Last/)
      expect(body).toContain('Times are UTC.')
    }
    const { body } = await acme.get('/apps/acme?period=month')
    const days = 30 + 12
    expect(body).toContain(`<b>${(38 * days).toLocaleString('en')}</b>Signed in`)
    expect(body).toContain(`<b>${8 * days}</b>Failed`)
    expect(body).toContain(`Consents withdrawn: ${days}`)
    expect(body).toContain('/admin/apps/acme/sign-ins?outcome=failure&#38;reason=code_rejected')
    expect(body).not.toContain('zenith')
  })

  test('operators of all apps see all together, and who is busiest today', async () => {
    const { body } = await root.get('/?period=month')
    expect(body).toContain(`<b>${(76 * 42).toLocaleString('en')}</b>Signed in`)
    expect(body).toContain('<a href="/admin/apps/zenith">zenith</a>')
    expect(body).toContain('/admin/sign-ins?outcome=failure&#38;reason=amazon_timeout')
  })

  test('to the operator of an app the others are not there', async () => {
    expect(await acme.get('/apps/zenith')).toMatchObject({ status: 404 })
    expect(await acme.get('/apps/zenith?period=hour')).toMatchObject({ status: 404 })
    expect(await acme.get('/')).toMatchObject({ status: 302, location: '/admin/apps/acme' })
  })

  test.each(['period=week', 'period=', 'period=hour&period=day', 'period=__proto__'])(
    'an odd address is as one without: ?%s',
    async (query) => {
      expect(await acme.get(`/apps/acme?${query}`)).toMatchObject({ status: 200 })
    },
  )

  test('no page has an inline style or script', async () => {
    const { body } = await root.get('/?period=day')
    expect(body).not.toMatch(/\sstyle=|<style|<script(?![^>]*\ssrc=)|\son\w+=/)
  })
})
