import { verifyWebhook } from '../../../src/client'
import { DE } from '../../../src/pages/admin/texts/de'
import { EN } from '../../../src/pages/admin/texts/en'
import {
  startAdminWorld,
  tokenIn,
  type AdminWorld,
  type OperatorBrowser,
} from '../../support/admin-world'
import { findFaultsOfLooks } from '../../support/axe'
import { describeInBrowser, launchChromium } from '../../support/chromium'
import { startReceiver, type Receiver } from '../../support/receiver'
import { until } from '../../support/until'

let world: AdminWorld
let operator: OperatorBrowser
let receiver: Receiver

beforeAll(async () => {
  world = await startAdminWorld({ options: { webhooks: { allowPrivate: 'loopback' } } })
  operator = await world.operator('acme')
  receiver = await startReceiver()
})
afterAll(async () => {
  await world.close()
  await receiver.close()
})

const LIST = '/apps/acme/webhooks'

async function add(events = 'user.signed_in'): Promise<{ id: string; secret: string }> {
  const page = await operator.postAndFollow(LIST, { url: receiver.url, events })
  const [, secret = ''] = /value="(whsec_[^"]+)"/.exec(page.body) ?? []
  const [, id = ''] = /webhooks\/(wh_[\w-]+)"/.exec(page.body) ?? []
  return { id, secret }
}

test('an operator adds a webhook, sees its secret once, tests it, and sees what came of it', async () => {
  const { id, secret } = await add()
  await operator.post(`${LIST}/${id}/test`, {}, `${LIST}/${id}`)
  const [received] = await receiver.wait(1)
  expect(verifyWebhook(received?.headers ?? {}, received?.body ?? '', secret).type).toBe(
    'webhook.test',
  )
  await until(async () => (await operator.get(`${LIST}/${id}`)).body.includes('answered 204'))
  const page = await operator.get(`${LIST}/${id}`)
  expect(page.body).toContain('webhook.test')
  expect(page.body).not.toContain(secret)
  const [, delivery = ''] = /deliveries\/(msg_\w+)\/resend/.exec(page.body) ?? []
  const again = await operator.post(
    `${LIST}/${id}/deliveries/${delivery}/resend`,
    {},
    `${LIST}/${id}`,
  )
  expect(again.location).toBe(`/admin${LIST}/${id}`)
  const [, second] = await receiver.wait(2)
  expect(second?.id).toBe(received?.id)
})

test('what is typed wrongly is told beside the field, with all that was typed', async () => {
  const page = await operator.post(LIST, { url: 'https://10.0.0.1/"><b>', events: 'user.created' })
  expect(page.status).toBe(400)
  expect(page.body).toContain('leads into a private network')
  expect(page.body).toContain('value="https://10.0.0.1/&#34;&#62;&#60;b&#62;"')
  const none = await operator.post(LIST, { url: receiver.url })
  expect(none.body).toContain('at least one event')
})

test('it is changed, switched off and on, its secret replaced, and deleted; each is told as a change', async () => {
  const { id, secret } = await add()
  const own = `${LIST}/${id}`
  await operator.post(own, { url: `${receiver.url}?a=1`, events: 'user.locked' })
  expect((await operator.get(own)).body).toContain('hook?a=1')
  await operator.post(`${own}/off`, {}, own)
  expect((await operator.get(own)).body).not.toContain('Send a test event')
  await operator.post(`${own}/on`, {}, own)
  const { location } = await operator.post(`${own}/rotate`, {}, own)
  const rotated = await operator.get(location.slice('/admin'.length))
  expect(rotated.body).toMatch(/whsec_/)
  expect(rotated.body).toContain('The former secret signs as well until')
  expect(rotated.body).not.toContain(secret)
  await operator.post(`${own}/delete`, {}, own)
  expect((await operator.get(own)).status).toBe(404)
  const { body } = await operator.get('/apps/acme/changes')
  for (const action of [
    'created',
    'changed',
    'switched_off',
    'switched_on',
    'secret_rotated',
    'deleted',
  ] as const) {
    expect(body).toContain(`<td>${EN.changes[`webhook_${action}`]}</td>`)
  }
  expect(body).not.toContain('whsec_')
})

test('what is wrong with one is told in the language of the page, at the field', async () => {
  const { browser } = operator
  const german = { 'accept-language': 'de', accept: 'text/html', origin: browser.origin }
  const { body: empty } = await browser.get(`/admin${LIST}`, german)
  const send = async (fields: Readonly<Record<string, string>>): Promise<string> => {
    const form = { ...fields, form_token: tokenIn(empty) }
    const answer = await browser.send(`/admin${LIST}`, { method: 'POST', headers: german, form })
    expect(answer.status).toBe(400)
    return answer.body
  }
  const { flaws } = DE.webhooks
  const events = 'user.locked'
  for (const [url, flaw] of [
    ['nonsense', flaws.address],
    ['http://shop.example.com', flaws.https],
    ['https://a:b@shop.example.com', flaws.credentials],
    ['https://shop.example.com/#a', flaws.fragment],
    ['https://shop.example.com:22', flaws.port],
    ['https://10.0.0.1', flaws.private],
  ] as const) {
    const body = await send({ url, events })
    expect(body).toContain(`<span class="error" id="url_error">${flaw}</span>`)
    expect(body).toContain('aria-describedby="url_help url_error"')
  }
  const body = await send({ url: receiver.url })
  expect(body).toContain(`<span class="error" id="events_error">${flaws.noEvents}</span>`)
  expect(body).not.toContain('aria-invalid')
})

test('to the operator of another app none of it is there', async () => {
  const { id } = await add()
  const other = await world.operator('zenith')
  expect(await other.get(LIST)).toMatchObject({ status: 404 })
  expect(await other.get(`${LIST}/${id}`)).toMatchObject({ status: 404 })
  expect(await other.get(`/apps/zenith/webhooks/${id}`)).toMatchObject({ status: 404 })
  for (const action of ['', '/off', '/rotate', '/delete', '/test']) {
    const from = '/apps/zenith/webhooks'
    expect((await other.post(`${LIST}/${id}${action}`, {}, from)).status).toBe(404)
    expect((await other.post(`${from}/${id}${action}`, {}, from)).status).toBe(404)
  }
  expect((await operator.get(`${LIST}/${id}`)).body).toContain('Send a test event')
})

describeInBrowser('in a browser', () => {
  test('axe finds nothing against the pages, light and dark, wide and narrow', async () => {
    const { id } = await add()
    await operator.post(`${LIST}/${id}/test`, {}, `${LIST}/${id}`)
    await until(async () => (await operator.get(`${LIST}/${id}`)).body.includes('answered 204'))
    const chromium = await launchChromium()
    try {
      const page = await chromium.newPage()
      await page.goto(`${world.origin}/admin/sign-in`)
      await page.fill('[name=access_key]', 'app:acme')
      await page.fill('[name=secret_key]', world.secretOf('acme'))
      await page.click('main button')
      for (const path of [LIST, `${LIST}/${id}`]) {
        await page.goto(`${world.origin}/admin${path}`)
        expect(await findFaultsOfLooks(page)).toEqual([])
      }
      await page.goto(`${world.origin}/admin${LIST}/${id}`)
      await page.click('text=Make a new secret >> nth=1')
      expect(await findFaultsOfLooks(page)).toEqual([])
    } finally {
      await chromium.close()
    }
  })
})
