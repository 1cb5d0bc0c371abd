import { KNOWN_SETTINGS } from '../../../src/apps/known-settings'
import { EN } from '../../../src/pages/admin/texts/en'
import { startAdminWorld, type AdminWorld, type OperatorBrowser } from '../../support/admin-world'

let world: AdminWorld
let root: OperatorBrowser
beforeAll(async () => {
  world = await startAdminWorld()
  root = await world.operator()
})
afterAll(() => world.close())

type Fields = Record<string, string>

/** The fields of the form as a browser would send them, and where each setting stands. */
async function fieldsOf(
  app: string,
  operator = root,
): Promise<{ fields: Fields; at: (name: string) => number; body: string }> {
  const { body } = await operator.get(`/apps/${app}/settings`)
  return { ...readFields(body), body }
}

function readFields(body: string): { fields: Fields; at: (name: string) => number } {
  const fields: Fields = {}
  for (const [tag] of body.matchAll(/<input[^>]*>/g)) {
    const name = /name="([^"]+)"/.exec(tag)?.[1] ?? ''
    if (tag.includes('type="checkbox"') || name === 'form_token') continue
    fields[name] = unescape(/value="([^"]*)"/.exec(tag)?.[1] ?? '')
  }
  for (const [, name = '', text = ''] of body.matchAll(
    /<textarea[^>]*name="([^"]+)"[^>]*>\n([^<]*)<\/textarea/g,
  )) {
    fields[name] = unescape(text)
  }
  for (const [, name = '', options = ''] of body.matchAll(
    /<select[^>]*name="([^"]+)"[^>]*>([^]*?)<\/select>/g,
  )) {
    fields[name] = unescape(/<option value="([^"]*)"\s+selected/.exec(options)?.[1] ?? '')
  }
  const at = (wanted: string) => {
    const found = Object.entries(fields).find(
      ([name, value]) => name.startsWith('name.') && value === wanted,
    )
    if (found === undefined) throw new Error(`${wanted} is not in the form`)
    return Number(found[0].slice('name.'.length))
  }
  return { fields, at }
}

function unescape(text: string): string {
  return text.replace(/&#(\d+);/g, (_all, code: string) => String.fromCharCode(Number(code)))
}

async function save(app: string, fields: Fields, operator = root) {
  return operator.post(`/apps/${app}/settings`, fields)
}

async function change(app: string, values: Fields) {
  const { fields, at } = await fieldsOf(app)
  for (const [name, value] of Object.entries(values)) fields[`value.${at(name)}`] = value
  return save(app, fields)
}

const stored = (app: string) =>
  Object.fromEntries(
    world.store
      .rows('SELECT name, value FROM settings WHERE app_id = ?', app)
      .map(({ name, value }) => [String(name), String(value)]),
  )

async function make(app: string): Promise<void> {
  await root.post('/new-app', { id: app })
}

test('every setting with a meaning has a name and a help, and there is no other', () => {
  const names = [...KNOWN_SETTINGS.keys()].toSorted()
  expect(Object.keys(EN.settings.names).toSorted()).toEqual(names)
  expect(Object.keys(EN.settings.help).toSorted()).toEqual(names)
})

test('only what was changed is stored; an empty field removes; text, flags, lists and JSON come back as they were', async () => {
  await make('plain')
  const values = {
    signin_success: '/in?jwt=id&x="1"',
    'security.strict': 'true',
    'amazon.region': 'eu',
    claims: '{"displayName": "name"}',
    session_timeout: '12 hours',
  }
  expect(await change('plain', values)).toMatchObject({ status: 303 })
  expect(stored('plain')).toEqual({
    signin_success: '"/in?jwt=id&x=\\"1\\""',
    'security.strict': 'true',
    'amazon.region': '"eu"',
    claims: '{"displayName":"name"}',
    session_timeout: '"12 hours"',
  })
  const { fields, body } = await fieldsOf('plain')
  expect(body).toContain('Saved. Settings changed: 5.')
  await save('plain', fields)
  expect((await fieldsOf('plain')).body).toContain('Nothing was changed.')
  await change('plain', { 'security.strict': '', claims: '' })
  expect(Object.keys(stored('plain')).toSorted()).toEqual([
    'amazon.region',
    'session_timeout',
    'signin_success',
  ])
  const events = world.store.rows(
    "SELECT reason, detail FROM audit WHERE app_id = 'plain' AND way = 'operator' ORDER BY at",
  )
  expect(events.at(-1)).toMatchObject({ reason: 'setting_deleted' })
})

test('what cannot be used is told beside its field, what was typed stays, and nothing is stored', async () => {
  await make('wrong')
  const values = {
    signin_success: 'javascript:alert(1)',
    session_timeout: 'soon',
    public_url: 'https://ok.example',
  }
  const refused = await change('wrong', values)
  expect(refused.status).toBe(400)
  expect(refused.body).toContain('Fields to correct: 2.')
  const { fields, at } = readFields(refused.body)
  expect(fields[`value.${at('session_timeout')}`]).toBe('soon')
  expect(fields[`value.${at('public_url')}`]).toBe('https://ok.example')
  expect(refused.body).toContain(`id="value-${at('session_timeout')}-error"`)
  expect(stored('wrong')).toEqual({})
  fields[`value.${at('session_timeout')}`] = '60'
  fields[`value.${at('signin_success')}`] = '/in'
  expect((await save('wrong', fields)).status).toBe(303)
  expect(Object.keys(stored('wrong'))).toHaveLength(3)
})

test('a secret is never sent: it is put, kept, replaced and removed', async () => {
  await make('secretive')
  await change('secretive', { az_app_id: 'amzn1.id', az_secret: 'planted-one' })
  const first = stored('secretive').az_secret
  expect(first).not.toContain('planted')
  await change('secretive', { az_app_id: 'amzn1.other' })
  expect(stored('secretive').az_secret).toBe(first)
  const wrong = await change('secretive', { az_secret: 'planted-two', session_timeout: 'soon' })
  expect(wrong.body).toContain('Secrets are not kept in the page')
  expect(wrong.body).not.toContain('planted')
  const { fields, at, body } = await fieldsOf('secretive')
  expect(body).not.toContain('planted')
  await save('secretive', { ...fields, [`remove.${at('az_secret')}`]: 'yes' })
  expect(stored('secretive')).not.toHaveProperty('az_secret')
})

test('of two who edit at once, the second is told what the first has changed, and each other change is kept', async () => {
  await make('shared')
  await change('shared', { signin_success: '/zero' })
  const one = await fieldsOf('shared')
  const two = await fieldsOf('shared')
  one.fields[`value.${one.at('signin_success')}`] = '/one'
  one.fields[`value.${one.at('signin_failure')}`] = '/oops'
  expect((await save('shared', one.fields)).status).toBe(303)

  two.fields[`value.${two.at('signin_success')}`] = '/two'
  two.fields[`value.${two.at('session_timeout')}`] = '60'
  const conflict = await save('shared', two.fields)
  expect(conflict.status).toBe(409)
  expect(conflict.body).toContain('What is stored now: <code>/one</code>')
  expect(stored('shared')).toEqual({ signin_success: '"/one"', signin_failure: '"/oops"' })

  const again = readFields(conflict.body)
  expect(again.fields[`value.${again.at('signin_success')}`]).toBe('/two')
  expect((await save('shared', again.fields)).status).toBe(303)
  expect(stored('shared')).toEqual({
    signin_success: '"/two"',
    signin_failure: '"/oops"',
    session_timeout: '"60"',
  })
})

test('a setting of the configuration shows where it stands, is overridden here, and is back when that is removed', async () => {
  const before = await fieldsOf('acme')
  expect(before.body).toMatch(
    /from the configuration of this app \(<span lang="en">option apps\.acme/,
  )
  await change('acme', { signin_failure: '/mine' })
  const during = await fieldsOf('acme')
  expect(during.body).toContain('In force: <code>/mine</code>, as it is stored here.')
  await change('acme', { signin_failure: '' })
  expect((await fieldsOf('acme')).body).not.toContain('/mine')
  const own = await world.operator('acme')
  const told = await fieldsOf('acme', own)
  expect(told.body).toContain('from the configuration of this app (on the server)')
  expect(told.body).not.toContain('option apps.acme')
})

test('settings without a meaning are added, edited as JSON or text, and removed; names of ours are not taken twice', async () => {
  await make('other')
  const { fields } = await fieldsOf('other')
  await save('other', { ...fields, new_name: 'theme.colours', new_value: '{"a": [1, 2]}' })
  await save('other', { ...fields, new_name: 'digits', new_value: '"12"' })
  expect(stored('other')).toEqual({ 'theme.colours': '{"a":[1,2]}', digits: '"12"' })
  const next = await fieldsOf('other')
  expect(next.fields[`value.${next.at('digits')}`]).toBe('"12"')
  expect(await save('other', next.fields)).toMatchObject({ status: 303 })
  expect(stored('other')).toEqual({ 'theme.colours': '{"a":[1,2]}', digits: '"12"' })
  const taken = await save('other', { ...next.fields, new_name: 'az_app_id', new_value: 'x' })
  expect(taken.status).toBe(400)
  await change('other', { 'theme.colours': '' })
  expect(stored('other')).toEqual({ digits: '"12"' })
})

test('a value of 300 KB is refused as too large, and stays in its field', async () => {
  await make('large')
  const { fields } = await fieldsOf('large')
  const value = 'x'.repeat(300 * 1024)
  const refused = await save('large', { ...fields, new_name: 'big', new_value: value })
  expect(refused.status).toBe(400)
  expect(refused.body).toContain('of 256 KB in all')
  expect(refused.body).toContain(value)
  expect(stored('large')).toEqual({})
})

test('a secret that no key opens is told, and mended by another one', async () => {
  await make('sealed')
  await change('sealed', { az_app_id: 'amzn1.id', az_secret: 'planted-one' })
  world.store.run(
    "UPDATE settings SET value = 'k9.broken' WHERE app_id = 'sealed' AND name = 'az_secret'",
  )
  const { body } = await fieldsOf('sealed')
  expect(body).toContain('No master key of this server opens what is stored')
  expect((await root.get('/apps/sealed/setup')).status).toBe(200)
  expect((await change('sealed', { az_secret: 'planted-two' })).status).toBe(303)
  expect((await fieldsOf('sealed')).body).not.toContain('No master key')
})
