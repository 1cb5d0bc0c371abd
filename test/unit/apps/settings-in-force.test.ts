import { MASK } from '../../../src/apps/mask-settings'
import { settingsInForce } from '../../../src/apps/settings-in-force'
import { reviewSettings } from '../../../src/apps/review-settings'
import { settingsFrom, type SettingValues } from '../../../src/apps/settings'

function inForce(...layers: readonly SettingValues[]): object {
  return { ...settingsInForce(...layers).settings }
}

const ignoredIn = (settings: SettingValues): readonly string[] =>
  settingsInForce(settings).ignored.map(({ setting }) => setting)

test('what has no meaning here is not in force, and blank means not set', () => {
  const stored = { colour: 'red', signin_success: ' ', session_timeout: null, public_url: '' }
  expect(inForce(stored, { signin_success: '/configured' })).toEqual({
    signin_success: '/configured',
  })
  expect(ignoredIn(stored)).toEqual([])
})

test('each is read as its format has it', () => {
  expect(
    inForce({
      session_timeout: '2 hours',
      'security.strict': 'yes',
      'security.hosturl_aliases': 'https://a.example/, ftp://b.example',
      az_app_id: ' id\n',
      public_url: 'https://auth.example.com/',
    }),
  ).toEqual({
    session_timeout: 7200,
    'security.strict': true,
    'security.hosturl_aliases': 'https://a.example',
    az_app_id: 'id',
    public_url: 'https://auth.example.com',
  })
})

test('a value that is not usable makes way for the layer below', () => {
  expect(inForce({ session_timeout: 0 }, { session_timeout: 60 })).toEqual({ session_timeout: 60 })
})

test('a layer that sets a key of Amazon hides both of the layers below, usable or not', () => {
  const configured = { az_app_id: 'id', az_secret: 'secret' }
  expect(inForce({ az_app_id: 'other' }, configured)).toEqual({ az_app_id: 'other' })
  expect(inForce({ az_app_id: 'x'.repeat(257) }, configured)).toEqual({})
  expect(inForce({ az_app_id: '' }, configured)).toEqual(configured)
})

test("Para's name wins over ours in one layer, and a higher layer over both", () => {
  const both = { 'security.one_session_per_user': false, one_session_per_user: true }
  expect(inForce(both)).toEqual({ one_session_per_user: false })
  expect(inForce({ one_session_per_user: true }, both)).toEqual({ one_session_per_user: true })
  expect(inForce({ ...both, 'security.one_session_per_user': '' })).toEqual({
    one_session_per_user: true,
  })
})

test('security.strict that cannot be read is on', () => {
  expect(inForce({ 'security.strict': 'maybe' })).toEqual({ 'security.strict': true })
  expect(ignoredIn({ 'security.strict': 'maybe' })).toEqual(['security.strict'])
})

test.each<[string, SettingValues['x'] | undefined, boolean]>([
  ['com.example.app:/in', undefined, true],
  ['com.example.app:/in', 'myapp', false],
  ['com.example.app:/in', 'com.example.app', true],
  ['myapp://in', undefined, false],
  ['MyApp://in', 'other, myapp', true],
  ['myapp://in', ['myapp://'], true],
  ['myapp://in', 'javascript', false],
  ['http://a.example/in', undefined, false],
  ['http://a.example/in', 'http', true],
  ['http://127.0.0.1:3000/in', undefined, true],
  ['http://localhost.a.example/in', undefined, false],
  ['https://a.example/in', 'myapp', true],
  ['/in', 'myapp', true],
  ['ftp://a.example/in', 'ftp', false],
  ['intent://a.example/in', 'intent', false],
])('%s with the schemes %j leads people there: %s', (signin_success, schemes, isTaken) => {
  const settings = {
    signin_success,
    ...(schemes !== undefined && { 'security.app_schemes': schemes }),
  }
  expect('signin_success' in inForce(settings)).toBe(isTaken)
})

test('a known setting of more than 8 KB has no effect', () => {
  const settings = { 'security.hosturl_aliases': 'https://a.example,'.repeat(600) }
  expect(inForce(settings)).toEqual({})
  expect(ignoredIn(settings)).toEqual(['security.hosturl_aliases'])
})

test('names of prototypes are names like any other', () => {
  const settings = settingsFrom([['__proto__', { signin_success: '/x' }]])
  expect(inForce(settings)).toEqual({})
})

test('a review of settings as they are read back says nothing of masked secrets', () => {
  expect(reviewSettings({ app_secret_key: MASK, az_secret: MASK })).toEqual({
    ignored: [],
    warnings: [],
  })
})

test('a review holds no value', () => {
  const review = reviewSettings({
    app_secret_key: 'planted',
    signin_success: 'planted://in',
    public_url: 'planted',
    'security.hosturl_aliases': 'planted',
    az_app_id: 'planted;',
    az_secret: '"planted',
  })
  expect(review.ignored).toHaveLength(4)
  expect(review.warnings).toHaveLength(2)
  expect(JSON.stringify(review)).not.toContain('planted')
})

test('a mapping that names a method of every object has no effect where it is stored already', () => {
  const settings = { claims: '{"tier": "name", "constructor": "name"}' }
  expect(settingsInForce(settings)).toEqual({
    settings: {},
    ignored: [{ setting: 'claims', problem: expect.stringContaining('"constructor"') }],
  })
})
