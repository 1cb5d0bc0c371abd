import { findKeyMistakes } from '../../../src/apps/find-key-mistakes'

const ID = 'amzn1.application-oa2-client.5e0a7b1c2d3f48609a1b2c3d4e5f6071'
const SECRET = 'amzn1.oa2-cs.v1.5e0a7b1c2d3f48609a1b2c3d4e5f60715e0a7b1c2d3f48609a1b2c3d4e5f6071'
const OLD_SECRET = '5e0a7b1c2d3f48609a1b2c3d4e5f60715e0a7b1c2d3f48609a1b2c3d4e5f6071'
const names = { clientId: 'az_app_id', clientSecret: 'az_secret' }

function mistakesOf(clientId: string | undefined, clientSecret?: string): readonly string[] {
  return findKeyMistakes({ clientId, clientSecret, names }).map(
    ({ setting, problem }) => `${setting} ${problem}`,
  )
}

test.each([
  [ID, SECRET],
  [ID, OLD_SECRET],
  [` ${ID}\n`, `${SECRET}\n`],
  [undefined, undefined],
  // Forms that Amazon may come to use, and those of an emulator.
  ['client.shop', 'secret.shop'],
  ['amzn2.client.5e0a', 'amzn2.secret.5e0a'],
])('nothing is wrong with %s and %s', (clientId, clientSecret) => {
  expect(mistakesOf(clientId, clientSecret)).toEqual([])
})

test.each<[string, RegExp]>([
  [`“${ID}”`, /typographic quotes/],
  [`${ID}”`, /typographic quotes/],
  [`«${ID}»`, /typographic quotes/],
  [`"${ID}"`, /quote it once, or not at all/],
  [`""${ID}""`, /quote it once, or not at all/],
  [`'${ID}`, /quote it once, or not at all/],
  [`${ID};`, /semicolon/],
  [`${ID},`, /semicolon or comma/],
  [ID.replace('.', '. '), /white space/],
  ['undefined', /placeholder/],
  ['<your client id>', /white space|placeholder/],
  ['your-client-id', /placeholder/],
  ['amzn1.application-oa2-client.xxxxxxxxxxxxxxxx', /placeholder/],
  ['amzn1.application-oa2-client.0123456789abcdef', /placeholder/],
  ['${AZ_APP_ID}', /placeholder/],
  ['amzn1.application.5e0a7b1c2d3f48609a1b2c3d4e5f6071', /App ID: take the Client ID/],
  [SECRET, /looks like a Client Secret: take the Client ID/],
  [OLD_SECRET, /looks like a Client Secret: take the Client ID/],
  ['amzn1.ask.skill.5e0a7b1c-2d3f-4860-9a1b-2c3d4e5f6071', /Alexa skill/],
  ['amzn1.sp.solution.5e0a7b1c', /Selling Partner/],
  ['123456-5e0a.apps.googleusercontent.com', /Google/],
  ['5e0a7b1c-2d3f-4860-9a1b-2c3d4e5f6071', /Microsoft/],
])('the client id %s is told with its fix', (clientId, mistake) => {
  const [first, ...more] = mistakesOf(clientId, SECRET)
  expect(first).toMatch(/^az_app_id /)
  expect(first).toMatch(mistake)
  expect(first).not.toContain('5e0a')
  expect(more).toEqual([])
})

test('a client secret that is a client id is told with its fix', () => {
  expect(mistakesOf(ID, ID)).toEqual([expect.stringMatching(/^az_secret looks like a Client ID/)])
})

test.each([SECRET, OLD_SECRET])('keys in the place of each other are told once: %s', (secret) => {
  expect(mistakesOf(secret, ID)).toEqual([
    'az_app_id and az_secret are swapped: put each in the place of the other',
  ])
})

test('a secret in the place of the client id for devices is told by that name', () => {
  const device = { name: 'az_device_app_id', clientId: SECRET }
  expect(findKeyMistakes({ clientId: ID, clientSecret: SECRET, device, names })).toEqual([
    {
      setting: 'az_device_app_id',
      problem: expect.stringMatching(/^looks like a Client Secret/) as string,
    },
  ])
})
