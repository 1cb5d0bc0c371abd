import type { BegunLogin, Receipt } from '../../../../src/http/login/login-cookies'
import { LoginCookies } from '../../../../src/http/login/login-cookies'
import {
  keep,
  linesOf,
  NOW_MS,
  PREFIX,
  stepsWorld,
  type Ask,
  type Jar,
  type StepsWorld,
} from './steps-world'

const DONE: Receipt = {
  kind: 'done',
  appId: 'acme',
  codeHash: 'hash-of-a-code',
  userId: '7',
  epoch: 3,
  tokenNonce: 'n',
  createdAtMs: NOW_MS,
}

let world: StepsWorld
let jar: Jar
beforeEach(() => {
  world = stepsWorld()
  jar = new Map()
  jest.spyOn(Date, 'now').mockReturnValue(NOW_MS)
})
afterEach(() => jest.restoreAllMocks())

/** A login with a nonce that begins with its number. */
function login(number: number, changes: Partial<BegunLogin> = {}): BegunLogin {
  return {
    kind: 'begun',
    nonce: `${String(number).padStart(10, '0')}-and-more`,
    codeVerifier: 'v',
    appId: 'acme',
    mountPath: '',
    redirectUri: 'r',
    createdAtMs: NOW_MS + number,
    ...changes,
  }
}

/** A login that takes so many bytes as JSON. */
function loginOf(bytes: number, number = 1): BegunLogin {
  const least = login(number, { returnTo: '' })
  return { ...least, returnTo: 'x'.repeat(bytes - JSON.stringify(least).length) }
}

async function cookies(ask?: Ask) {
  const attempt = await world.open('/amazon_auth', { jar, ...ask })
  const own = new LoginCookies(attempt, undefined)
  return { own, lines: () => linesOf(attempt.res), keep: () => keep(jar, attempt.res) }
}

/** Begins one login after another, each by a request of its own. */
async function begin(...logins: readonly BegunLogin[]): Promise<void> {
  for (const each of logins) {
    const { own, keep } = await cookies()
    expect(own.begin(each)).toBe(true)
    keep()
  }
}

const nameOf = (number: number): string => PREFIX + login(number).nonce.slice(0, 10)
/** Puts a cookie into the browser that only this server can have sealed. */
const plant = (name: string, content: object): void =>
  void jar.set(name, world.sealer.seal(JSON.stringify(content), name))
const clearing = (name: string): string =>
  `${name}=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Secure`

describe('the cookie of a login', () => {
  test('is for this host alone, out of reach of scripts, and ends with the login', async () => {
    const { own, lines } = await cookies()
    own.begin(login(1))
    expect(lines()).toEqual([
      expect.stringMatching(
        /^__Host-amazon-login\.0000000001=[\w.-]+; Max-Age=600; Path=\/; Expires=Tue, 14 Nov 2023 22:23:20 GMT; HttpOnly; Secure; SameSite=Lax$/,
      ),
    ])
  })

  test('is without __Host- and Secure where the browser speaks no https', async () => {
    world = stepsWorld({ policy: { publicUrl: 'http://shop.example' } })
    const { own, lines } = await cookies()
    own.begin(login(1))
    expect(lines()).toEqual([
      expect.stringMatching(/^amazon-login\.0000000001=.*; HttpOnly; SameSite=Lax$/),
    ])
  })

  test('tells nothing of the login', async () => {
    const { own, lines } = await cookies()
    own.begin(login(1, { codeVerifier: 'a-verifier', redirectUri: 'an-address' }))
    expect(lines().join()).not.toMatch(/verifier|address|and-more|acme/)
  })

  test('gives the login back, each by its own nonce', async () => {
    await begin(login(1), login(2))
    const { own } = await cookies()
    expect(own.findBegun(login(1).nonce)).toEqual(login(1))
    expect(own.findBegun(login(2).nonce)).toEqual(login(2))
    expect(own.findBegun(login(3).nonce)).toBeUndefined()
  })

  test('that is not there once more is read once, whatever is asked of it', async () => {
    await begin(login(1))
    const open = jest.spyOn(world.sealer, 'open')
    const { own } = await cookies()
    for (let again = 0; again < 3; again += 1) own.findBegun(login(1).nonce)
    expect(open).toHaveBeenCalledTimes(1)
  })

  test.each<readonly [string, string]>([
    ['no JSON', '{'],
    ['no object', '"begun"'],
    ['null', 'null'],
    ['of another kind', JSON.stringify({ ...login(1), kind: 'other' })],
    ['without a kind', JSON.stringify({ ...login(1), kind: undefined })],
    ['without a time', JSON.stringify({ ...login(1), createdAtMs: undefined })],
    ['with a time that is none', JSON.stringify({ ...login(1), createdAtMs: '1' })],
    ...(['nonce', 'codeVerifier', 'appId', 'mountPath', 'redirectUri'] as const).map(
      (name) => [`without ${name}`, JSON.stringify({ ...login(1), [name]: undefined })] as const,
    ),
    ['with a nonce that is no text', JSON.stringify({ ...login(1), nonce: 1 })],
  ])('of another version, %s, is none', async (_what, text) => {
    jar.set(nameOf(1), world.sealer.seal(text, nameOf(1)))
    const { own } = await cookies()
    expect(own.findBegun(login(1).nonce)).toBeUndefined()
  })

  test('holds 900 bytes, and no login is begun that takes more', async () => {
    const { own, lines } = await cookies()
    expect(own.begin(loginOf(901))).toBe(false)
    expect(own.begin({ ...loginOf(900), returnTo: `${loginOf(900).returnTo?.slice(1)}ä` })).toBe(
      false,
    )
    expect(lines()).toEqual([])
    expect(own.begin(loginOf(900))).toBe(true)
    expect(lines()).toHaveLength(1)
  })

  test('is cleared when the login ends, if it is there', async () => {
    await begin(login(1), login(2))
    const { own, lines } = await cookies()
    own.drop(login(1).nonce)
    own.drop(login(3).nonce)
    expect(lines()).toEqual([clearing(nameOf(1))])
    expect(own.findBegun(login(1).nonce)).toBeUndefined()
    expect(own.findBegun(login(2).nonce)).toBeDefined()
  })
})

describe('of several logins in one browser', () => {
  test('five are kept, and the one that was begun first gives way', async () => {
    await begin(login(2), login(1), login(3), login(4), login(5))
    expect(jar.size).toBe(5)
    await begin(login(6))
    expect([...jar.keys()].sort()).toEqual([2, 3, 4, 5, 6].map(nameOf))
    await begin(login(7))
    expect([...jar.keys()].sort()).toEqual([3, 4, 5, 6, 7].map(nameOf))
  })

  test('one that cannot be opened gives way before all others', async () => {
    await begin(login(1), login(2), login(3))
    jar.set(nameOf(9), 'sealed-by-nobody')
    await begin(login(4), login(5))
    expect([...jar.keys()].sort()).toEqual([1, 2, 3, 4, 5].map(nameOf))
  })

  test('one that is begun anew takes its own place', async () => {
    await begin(login(1), login(2), login(3), login(4), login(5))
    await begin(login(3))
    expect([...jar.keys()].sort()).toEqual([1, 2, 3, 4, 5].map(nameOf))
  })

  test('they take 3,600 characters at most', async () => {
    await begin(loginOf(900, 1), loginOf(900, 2))
    const size = (): number =>
      Array.from(jar, ([name, value]) => name.length + value.length).reduce((a, b) => a + b)
    expect(size()).toBeGreaterThan(2_000)
    expect(size() * 1.5).toBeGreaterThan(3_600)
    await begin(loginOf(900, 3))
    expect([...jar.keys()].sort()).toEqual([2, 3].map(nameOf))
    await begin(login(4))
    expect([...jar.keys()].sort()).toEqual([2, 3, 4].map(nameOf))
    expect(size()).toBeLessThan(3_600)
  })

  test('as many give way as fit into the headers of one answer', async () => {
    for (let n = 10; n < 40; n += 1) jar.set(nameOf(n), 'x')
    const { own, lines } = await cookies()
    own.begin(loginOf(900))
    const [set = '', ...cleared] = lines()
    expect(cleared.length).toBeGreaterThan(1)
    expect(cleared.every((line) => line.includes(' 1970 '))).toBe(true)
    const head = [set, ...cleared].map((line) => `Set-Cookie: ${line}\r\n`)
    const characters = head.join('').length
    expect(characters).toBeLessThanOrEqual(1_900)
    expect(characters).toBeGreaterThan(1_900 - 2 * String(head[1]).length)
  })

  test('cookies of other names are none of them', async () => {
    const others = [
      `${PREFIX}short`,
      `${PREFIX}longer-than-10`,
      `${PREFIX}no.letters`,
      `x${PREFIX}0000000009`,
      'amazon-login.0000000009',
      '__Host-amazon-login-failure',
    ]
    for (const name of others) plant(name, login(0))
    await begin(login(1), login(2), login(3), login(4), login(5))
    expect(jar.size).toBe(5 + others.length)
    const { own, lines } = await cookies()
    expect(own.dropAll()).toEqual([])
    expect(lines()).toEqual([1, 2, 3, 4, 5].map((n) => clearing(nameOf(n))))
  })
})

describe('the receipt of a login that is done', () => {
  const done = async (nonce: string | undefined, receipt = DONE): Promise<void> => {
    const { own, lines, keep } = await cookies()
    own.finish(nonce, receipt)
    expect(lines()).toEqual([expect.stringMatching(/; Max-Age=300; .* GMT; HttpOnly; Secure; /)])
    expect(lines()[0]).toContain(new Date(NOW_MS + 300_000).toUTCString())
    keep()
  }
  const find = async (nonce: string | undefined, codeHash = DONE.codeHash) =>
    (await cookies()).own.findReceipt(nonce, codeHash)

  test('takes the place of the login, and is found by its nonce and code', async () => {
    await begin(login(1))
    await done(login(1).nonce)
    expect([...jar.keys()]).toEqual([nameOf(1)])
    expect(await find(login(1).nonce)).toMatchObject(DONE)
    expect(await find(login(1).nonce, 'another-code')).toBeUndefined()
    expect(await find(login(2).nonce)).toBeUndefined()
    expect(await find(undefined)).toBeUndefined()
    expect((await cookies()).own.findBegun(login(1).nonce)).toBeUndefined()
  })

  test('of a login that was not begun here is found by its code', async () => {
    await done(undefined)
    expect([...jar.keys()]).toEqual([`${PREFIX}hash-of-a-`])
    expect(await find(undefined)).toMatchObject(DONE)
    expect(await find(undefined, 'hash-of-another')).toBeUndefined()
    expect(await find(undefined, 'hash-of-a-code-and-more')).toBeUndefined()
  })

  test('is good for five minutes', async () => {
    await done(login(1).nonce)
    world.clock.nowMs += 299_999
    expect(await find(login(1).nonce)).toBeDefined()
    world.clock.nowMs += 1
    expect(await find(login(1).nonce)).toBeUndefined()
  })

  test('is no receipt before the login is done', async () => {
    await begin(login(1))
    expect(await find(login(1).nonce, login(1).codeVerifier)).toBeUndefined()
    expect((await cookies()).own.freshReceipts(undefined)).toEqual([])
  })

  test.each([
    ['without a user', { userId: undefined }],
    ['without a code', { login: undefined }],
    ['without a time', { createdAtMs: undefined }],
  ])('of another version, %s, is none', async (_what, changes) => {
    const { codeHash, ...rest } = DONE
    plant(nameOf(1), { ...rest, login: codeHash, ...changes })
    expect(await find(login(1).nonce)).toBeUndefined()
    plant(nameOf(1), { ...rest, login: codeHash })
    expect(await find(login(1).nonce)).toMatchObject(DONE)
  })

  test('is fresh for half a minute, to its app and to all', async () => {
    await done(login(1).nonce)
    await done(login(2).nonce, { ...DONE, appId: 'zenith' })
    const fresh = async (appId: string | undefined) =>
      (await cookies()).own.freshReceipts(appId).map(({ appId: of }) => of)
    expect(await fresh('acme')).toEqual(['acme'])
    expect(await fresh('zenith')).toEqual(['zenith'])
    expect(await fresh('other')).toEqual([])
    expect((await fresh(undefined)).sort()).toEqual(['acme', 'zenith'])
    world.clock.nowMs += 29_999
    expect(await fresh('acme')).toEqual(['acme'])
    world.clock.nowMs += 1
    expect(await fresh('acme')).toEqual([])
    expect(await fresh(undefined)).toEqual([])
  })
})

describe('a sign-out', () => {
  test('clears logins and receipts, and gives the receipts', async () => {
    await begin(login(1))
    const { own, keep } = await cookies()
    own.finish(login(2).nonce, DONE)
    keep()
    jar.set(nameOf(3), 'sealed-by-nobody')
    const { own: all, lines } = await cookies()
    expect(all.dropAll()).toMatchObject([DONE])
    expect(lines()).toEqual([clearing(nameOf(1)), clearing(nameOf(2))])
  })

  test('clears twelve of them at most, and gives all receipts', async () => {
    const { codeHash, ...rest } = DONE
    for (let n = 1; n <= 14; n += 1) plant(nameOf(n), { ...rest, login: codeHash })
    const { own, lines } = await cookies()
    expect(own.dropAll()).toHaveLength(14)
    expect(lines()).toHaveLength(12)
  })

  test('has nothing to clear where there is nothing', async () => {
    const { own, lines } = await cookies()
    expect(own.dropAll()).toEqual([])
    expect(lines()).toEqual([])
  })
})
