import { AmazonAuthError } from '../../../../src/errors'
import { logout } from '../../../../src/http/login/logout'
import { Once } from '../../../../src/http/login/once'
import { openBrowserSession } from '../../../../src/http/session/browser-session'
import { ann, answerOf, keep, PREFIX, PUBLIC, stepsWorld, type Ask, type Jar } from './steps-world'

const OWN = { origin: PUBLIC }
const FOREIGN = { 'sec-fetch-site': 'cross-site' }
const SCRIPT = { ...OWN, accept: 'application/json' }
const bea = { ...ann, appId: 'zenith', id: '9' }

let world: ReturnType<typeof stepsWorld>
let once: Once
let jar: Jar
let revoked: string[]

/** A browser that is signed in to two apps. */
beforeEach(async () => {
  revoked = []
  const revokeAll = ({ appId, id }: typeof ann) => Promise.resolve(void revoked.push(appId + id))
  world = stepsWorld({ services: { userAdmin: { revokeAll } as never } })
  once = new Once()
  jar = new Map()
  for (const user of [ann, bea]) {
    world.users.set(`${user.appId} ${user.id}`, user)
    const { app, attempt } = await world.leg(`/in?appid=${user.appId}`, { jar })
    const session = await openBrowserSession(attempt.req, attempt.res, world.services)
    const { appId, id: userId, sessionEpoch: epoch } = user
    await session.signIn(app, { appId, userId, epoch, sinceMs: world.clock.nowMs }, false)
    keep(jar, attempt.res)
  }
})

/** @returns How it is answered, with what a page asks; or what it is refused with. */
async function signOut(query = '', ask: Ask = {}): Promise<object> {
  const visit = await world.open(`/amazon_auth/logout${query}`, { jar, headers: OWN, ...ask })
  const { response } = visit.res.socket as unknown as { readonly response: Promise<Response> }
  try {
    await logout(visit, once)
  } catch (error) {
    if (!(error instanceof AmazonAuthError)) throw error
    return { code: error.code, facts: error.facts }
  }
  keep(jar, visit.res)
  const { status, location } = answerOf(visit)
  const [, page = ''] =
    /<h1>(.*)<\/h1>\s*<form method="post">/.exec(await (await response).text()) ?? []
  return { status, location, page }
}

/** To which apps the browser is signed in. */
async function signedIn(): Promise<readonly string[]> {
  const { req, res } = await world.open('/any', { jar })
  const session = await openBrowserSession(req, res, world.services)
  return (await session.findAll()).map(({ user }) => user.appId)
}

const POST = { method: 'POST' }
const BOTH = ['acme', 'zenith']

test('a browser is signed out of all apps, and sent to the root', async () => {
  expect(await signedIn()).toEqual(BOTH)
  expect(await signOut('', POST)).toMatchObject({ status: 303, location: '/' })
  expect(await signedIn()).toEqual([])
  expect(revoked).toEqual([])
})

test.each(['acme', 'app:acme', ' acme '])('or of the one that is named %j', async (name) => {
  await signOut(`?${new URLSearchParams({ appid: name }).toString()}`, POST)
  expect(await signedIn()).toEqual(['zenith'])
})

test.each(['', '%20'])('an appid that is empty (%j) names none', async (name) => {
  await signOut(`?appid=${name}`, POST)
  expect(await signedIn()).toEqual([])
})

test('a script is told so, and sent nowhere', async () => {
  const answer = await signOut('?returnto=/bye', { ...POST, headers: SCRIPT })
  expect(answer).toEqual({ status: 204, location: '', page: '' })
  expect(await signedIn()).toEqual([])
})

test.each([
  ['/bye', '/bye'],
  ['//evil.test', '/'],
  ['https://evil.test/', '/'],
  ['', '/'],
])('returnto=%s leads to %s', async (returnTo, location) => {
  expect(await signOut(`?returnto=${returnTo}`)).toMatchObject({ status: 302, location })
})

test('everywhere ends what the user has on other devices too, in the app that is named or in all', async () => {
  await signOut('?appid=zenith&everywhere=true', POST)
  expect(revoked).toEqual(['zenith9'])
  expect(await signedIn()).toEqual(['acme'])
  await signOut('?everywhere=true', POST)
  expect(revoked).toEqual(['zenith9', 'acme7'])
  expect(await signedIn()).toEqual([])
})

test.each(['', '1', 'TRUE'])('everywhere=%s is not everywhere', async (everywhere) => {
  await signOut(`?everywhere=${everywhere}`, POST)
  expect(revoked).toEqual([])
  expect(await signedIn()).toEqual([])
})

describe('comes from', () => {
  const ENDS = { GET: [], POST: [] }
  const ASKS = { GET: BOTH, POST: [] }
  const REFUSED = { GET: BOTH, POST: BOTH }
  test.each([
    ['a page of this host', OWN, ENDS],
    ['the address bar', { 'sec-fetch-site': 'none' }, ENDS],
    ['a page that hides where it is', { origin: 'null' }, ASKS],
    ['who says nothing', {}, ASKS],
    ['another host of this site', { 'sec-fetch-site': 'same-site' }, REFUSED],
    ['another site', FOREIGN, REFUSED],
    ['another site, by its name', { origin: 'https://evil.test' }, REFUSED],
  ])('%s', async (_source, headers: Record<string, string>, left) => {
    await signOut('', { headers })
    expect(await signedIn()).toEqual(left.GET)
    await signOut('', { headers, ...POST })
    expect(await signedIn()).toEqual(left.POST)
  })

  test('another site: a POST is refused without a word more', async () => {
    const answer = await signOut('', { headers: FOREIGN, ...POST })
    expect(answer).toEqual({ code: 'request_forbidden', facts: {} })
  })
})

describe('a GET that might not be meant', () => {
  test.each([
    ['another site', '', FOREIGN, 'Do you want to sign out?'],
    ['another site', '?everywhere=true', FOREIGN, 'Do you want to sign out on all your devices?'],
    ['this host', '?everywhere=true', OWN, 'Do you want to sign out on all your devices?'],
  ])('from %s (%s) asks the person, and signs nobody out', async (_from, query, headers, page) => {
    expect(await signOut(query, { headers })).toEqual({ status: 403, location: '', page })
    expect(await signedIn()).toEqual(BOTH)
    expect(revoked).toEqual([])
  })

  test.each([
    ['', 'A sign-out is sent as POST, or opened from a page of this host.'],
    ['?everywhere=true', 'A sign-out everywhere is sent as POST.'],
  ])('%s of a program is refused, and says what would do', async (query, problem) => {
    const headers = { ...FOREIGN, accept: 'application/json' }
    const answer = await signOut(query, { headers })
    expect(answer).toEqual({ code: 'request_forbidden', facts: { problem } })
    expect(await signedIn()).toEqual(BOTH)
  })
})

test('takes the receipts of logins away, and a copy of them opens nothing', async () => {
  const begun = await world.begin(jar)
  const hit = async (of: Jar) => {
    const leg = await world.leg(`/amazon_auth?code=c&state=${begun.state}`, { jar: of })
    return { ...leg, code: 'c', codeHash: 'hash' }
  }
  const first = await hit(jar)
  await once.run(first, undefined, () => Promise.resolve(ann))
  keep(jar, first.attempt.res)
  const copy = new Map(jar)
  expect(await once.findDone(await hit(copy))).toMatchObject({ user: ann })
  await signOut('', POST)
  expect(Array.from(jar.keys()).filter((name) => name.startsWith(PREFIX))).toEqual([])
  await expect(once.findDone(await hit(copy))).rejects.toMatchObject({
    facts: { reason: 'signed out since' },
  })
})

test('begins when the store is open', async () => {
  const ready = jest.spyOn(world.services, 'ready').mockRejectedValue(new Error('not open'))
  await expect(signOut('', POST)).rejects.toThrow('not open')
  ready.mockRestore()
  expect(await signedIn()).toEqual(BOTH)
})
