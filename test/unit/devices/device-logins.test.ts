import type { DevicePoll } from '../../../src/amazon/poll-device'
import { createSealer } from '../../../src/crypto/sealer'
import { parseHandle } from '../../../src/devices/device-handle'
import type { DeviceKey } from '../../../src/devices/device-login'
import { createDeviceLogins, type DeviceLogins } from '../../../src/devices/device-logins'
import { AmazonAuthError } from '../../../src/errors'
import { openStore } from '../../integration/store/open-store'

const CLIENT = { clientId: 'client.tv', clientSecret: undefined }
const PAIR = {
  deviceCode: 'device-code',
  userCode: 'BCDFGH',
  verificationUri: 'https://amazon.com/us/code',
  expiresInSeconds: 600,
  intervalSeconds: 30,
}
const PENDING: DevicePoll = { state: 'pending' }
const GRANTED: DevicePoll = {
  state: 'granted',
  tokens: { accessToken: 'Atza|token', expiresInSeconds: 3600 },
}

const store = openStore('sqlite::memory:')
afterAll(() => store.close())

/** Amazon does not answer. */
const NEVER = (): void => undefined

let nowMs = 1_800_000_000_000
let polls = 0
let troubles: string[] = []
let logins: DeviceLogins
let key: DeviceKey

beforeEach(async () => {
  polls = 0
  troubles = []
  logins = createDeviceLogins({
    store: store.devices,
    sealer: createSealer(() => ['a-master-key-of-device-logins'], 'test'),
    bounds: { perApp: 0, perAddress: 0 },
    onFull: () => undefined,
    onTrouble: (_app, { code }) => void troubles.push(code),
    now: () => nowMs,
  })
  const from = { appId: 'acme', address: 'here', client: CLIENT }
  const { handle } = await logins.begin(from, () => Promise.resolve(PAIR))
  key = parseHandle(handle) ?? { appId: '', handleHash: '' }
})

async function advance(answer: DevicePoll | AmazonAuthError, client = CLIENT): Promise<string> {
  const { state } = await logins.advance(key, client, () => {
    polls += 1
    return answer instanceof AmazonAuthError ? Promise.reject(answer) : Promise.resolve(answer)
  })
  return state
}

/** How many seconds pass before Amazon is asked again. */
async function secondsUntilPoll(): Promise<number> {
  const before = polls
  for (let seconds = 0; ; seconds += 1) {
    await advance(PENDING)
    if (polls > before) return seconds
    nowMs += 1_000
  }
}

test('Amazon is asked once an interval, the first time after the first', async () => {
  expect(await secondsUntilPoll()).toBe(30)
  expect(await secondsUntilPoll()).toBe(30)
})

test('slow_down makes the interval five seconds longer, for good', async () => {
  nowMs += 30_000
  await advance({ state: 'slow_down' })
  expect(await secondsUntilPoll()).toBe(35)
  expect(await secondsUntilPoll()).toBe(35)
})

test('an answer that does not come in time doubles the interval; one that cannot be asked for does not', async () => {
  nowMs += 30_000
  expect(await advance(new AmazonAuthError('amazon_unreachable'))).toBe('pending')
  expect(await secondsUntilPoll()).toBe(30)
  nowMs += 30_000
  await advance(new AmazonAuthError('amazon_timeout'))
  expect(await secondsUntilPoll()).toBe(60)
  expect(troubles).toEqual(['amazon_unreachable', 'amazon_timeout'])
})

test('while one asks nobody else does, and after one has died the next does late rather than early', async () => {
  nowMs += 30_000
  void logins.advance(key, CLIENT, () => new Promise<never>(NEVER))
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(await secondsUntilPoll()).toBe(42)
})

test('an answer that comes after its claim is over changes nothing', async () => {
  nowMs += 30_000
  const late = logins.advance(key, CLIENT, async () => {
    nowMs += 60_000
    await advance({ state: 'denied' })
    return GRANTED
  })
  expect((await late).state).toBe('pending')
  expect(await advance(PENDING)).toBe('denied')
})

test('what is allowed is signed in once, also where signing in has to be tried again', async () => {
  nowMs += 30_000
  expect(await advance(GRANTED)).toBe('linked')
  const fail = () => Promise.reject(new AmazonAuthError('amazon_unavailable'))
  await expect(logins.finish(key, CLIENT, fail)).resolves.toBeUndefined()
  nowMs += 2_000
  const signIn = ({ tokens }: { tokens: { accessToken: string } }) =>
    Promise.resolve(tokens.accessToken)
  const both = await Promise.all([
    logins.finish(key, CLIENT, signIn),
    logins.finish(key, CLIENT, signIn),
  ])
  expect(both.filter((token) => token !== undefined)).toEqual(['Atza|token'])
  expect(await advance(PENDING)).toBe('done')
})

test('what is allowed at the last moment is signed in all the same', async () => {
  nowMs += 599_000
  expect(await advance(GRANTED)).toBe('linked')
  nowMs += 5_000
  expect(await logins.finish(key, CLIENT, () => Promise.resolve('in'))).toBe('in')
})

test('a sign-in that is refused is denied, and its token is forgotten', async () => {
  nowMs += 30_000
  await advance(GRANTED)
  const refuse = () => Promise.reject(new AmazonAuthError('account_locked'))
  await expect(logins.finish(key, CLIENT, refuse)).rejects.toThrow('Bad credentials.')
  expect(await advance(PENDING)).toBe('denied')
  expect((await store.devices.find(key))?.sealed).toBe('')
})

test('a code of a client that the app has no more is void, and not asked for', async () => {
  nowMs += 30_000
  expect(await advance(GRANTED, { ...CLIENT, clientId: 'client.new' })).toBe('ended')
  expect(polls).toBe(0)
})

test('a client that Amazon refuses ends the login', async () => {
  nowMs += 30_000
  await expect(advance(new AmazonAuthError('client_rejected'))).rejects.toThrow()
  expect(await advance(PENDING)).toBe('ended')
})

test('an expired code is over, and is removed by the purge in bites', async () => {
  nowMs += 600_000
  expect(await advance(GRANTED)).toBe('ended')
  expect(polls).toBe(0)
  expect(await store.devices.deleteExpired(nowMs, 2)).toBe(2)
  for (;;) if ((await store.devices.deleteExpired(nowMs, 2)) < 2) break
  expect(await advance(PENDING)).toBe('unknown')
})
