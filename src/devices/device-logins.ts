import type { CodePair } from '../amazon/create-code-pair'
import type { AmazonTokens } from '../amazon/parse-tokens'
import type { DevicePoll } from '../amazon/poll-device'
import type { DeviceClient } from '../apps/client-credentials'
import type { Sealer } from '../crypto/sealer'
import { AmazonAuthError, toAmazonAuthError } from '../errors'
import { createBoxes, type LinkedDevice } from './device-boxes'
import { createHandle } from './device-handle'
import type { DeviceBounds, DeviceKey, DeviceLogin, DeviceLoginStore } from './device-login'

/** A login that has begun. */
export interface BegunDeviceLogin {
  /** Secret of the device. */
  readonly handle: string
  readonly pair: CodePair
  readonly expiresAtMs: number
}

/** Where a login stands for who asks. */
export interface DeviceProgress {
  readonly state: 'pending' | 'linked' | 'done' | 'denied' | 'ended' | 'unknown'
  /** Whether this very ask has found it out. */
  readonly isNews: boolean
  /** Of one that is done: whether that was a moment ago, so that what it was answered by may not have arrived yet. */
  readonly isFresh: boolean
  /** Least time between two polls at Amazon. */
  readonly intervalMs: number
}

/** Logins of devices, whose state is in the store: any node goes on with what another began. */
export interface DeviceLogins {
  /**
   * Begins one, within what may be open.
   *
   * @param ask Asks Amazon for a pair of codes.
   * @throws {AmazonAuthError} `too_many_requests`, `store_unavailable`, and what `ask` throws
   */
  begin(
    from: { readonly appId: string; readonly address: string; readonly client: DeviceClient },
    ask: () => Promise<CodePair>,
  ): Promise<BegunDeviceLogin>
  /**
   * Asks Amazon how it stands, if that is due and nobody else is at it.
   *
   * @throws {AmazonAuthError} What `poll` throws, if that is for good; the login has ended then. `store_unavailable`
   */
  advance(
    key: DeviceKey,
    client: DeviceClient,
    poll: (pair: Pick<CodePair, 'deviceCode' | 'userCode'>) => Promise<DevicePoll>,
  ): Promise<DeviceProgress>
  /**
   * Ends a linked one by signing in.
   *
   * @returns What `signIn` gives, once; undefined: somebody else is at it, or it must be tried again.
   * @throws {AmazonAuthError} What `signIn` throws, if that is for good; the login is denied then. `store_unavailable`
   */
  finish<T>(
    key: DeviceKey,
    client: DeviceClient,
    signIn: (linked: LinkedDevice) => Promise<T>,
  ): Promise<T | undefined>
}

const UNKNOWN: DeviceProgress = {
  state: 'unknown',
  isNews: false,
  isFresh: false,
  intervalMs: 0,
}

export interface DeviceLoginsDeps {
  readonly store: DeviceLoginStore
  readonly sealer: Sealer
  readonly bounds: DeviceBounds
  /** Told of what has failed and is tried again. */
  readonly onTrouble: (appId: string, error: AmazonAuthError) => void
  /** Told each time that as many wait as may. */
  readonly onFull: (appId: string) => void
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Longest that Amazon is asked at one time: ten seconds, and room. */
const ASKING_MS = 12_000
/** Longest that a sign-in takes. One that takes longer is tried again, and the first is worth nothing. */
const SIGNING_IN_MS = 15_000
/** RFC 8628, section 3.5. */
const SLOWER_BY_MS = 5_000
/** RFC 8628 wants ever longer waits after time-outs; a person waits, too. */
const MAX_INTERVAL_MS = 60_000
/** After what fails for a moment. */
const TRY_AGAIN_MS = 2_000
/** What a person has allowed at the last moment is signed in all the same. */
const FINISH_WITHIN_MS = 120_000
const RETRY_AFTER_SECONDS = 60

/**
 * One poller for each login whatever asks: who asks Amazon holds a claim, which is one conditional write. It is as long as
 * asking may take and an interval more, so that of a process that dies meanwhile the next poll is late rather than early;
 * it is cut to an interval from the answer. What nobody asks for is not polled.
 */
export function createDeviceLogins(deps: DeviceLoginsDeps): DeviceLogins {
  const { store, bounds, now, onTrouble, onFull } = deps
  const boxes = createBoxes(deps.sealer)

  return {
    async begin({ appId, address, client }, ask) {
      const { handle, key } = createHandle(appId)
      const claimedUntilMs = now() + ASKING_MS
      const place: DeviceLogin = {
        state: 'new',
        sealed: '',
        intervalMs: 0,
        nextPollAtMs: claimedUntilMs,
        expiresAtMs: claimedUntilMs,
      }
      if (!(await store.insert(key, { ...place, address }, bounds, now()))) {
        onFull(appId)
        throw tooMany(appId)
      }
      const settle = (login: DeviceLogin) => store.settle(key, claimedUntilMs, login)
      const pair = await ask().catch(async (thrown: unknown) => {
        await settle(ended(place)).catch(() => undefined) // The place is free in a moment anyway.
        throw thrown
      })
      const expiresAtMs = now() + pair.expiresInSeconds * 1000
      const intervalMs = pair.intervalSeconds * 1000
      const isOpen = await settle({
        state: 'open',
        sealed: boxes.pair.seal(key, { ...codesOf(pair), clientId: client.clientId }),
        intervalMs,
        nextPollAtMs: now() + intervalMs,
        expiresAtMs,
      })
      if (!isOpen) throw new AmazonAuthError('amazon_timeout', { reason: 'codes came too late' })
      return { handle, pair, expiresAtMs }
    },

    async advance(key, client, poll) {
      const found = await store.find(key)
      if (found === undefined) return UNKNOWN
      const known = progressOf(found, now())
      if (known.state !== 'pending' || found.state !== 'open' || now() < found.nextPollAtMs)
        return known
      const claimedUntilMs = now() + ASKING_MS + found.intervalMs
      const claimed = await store.claim(key, 'open', now(), claimedUntilMs)
      if (claimed === undefined) return known
      const settle = (login: DeviceLogin) => store.settle(key, claimedUntilMs, login)
      const pair = boxes.pair.open(key, claimed.sealed)
      if (pair?.clientId !== client.clientId) {
        await settle(ended(claimed))
        return { ...known, state: 'ended', isNews: true }
      }
      try {
        const answer = await poll(pair)
        const next = afterPoll(claimed, answer, now(), (tokens) => {
          const { clientId, clientSecret } = client
          const isProven = clientSecret !== undefined
          return boxes.linked.seal(key, { tokens, givenAtMs: now(), clientId, isProven })
        })
        return (await settle(next)) ? { ...progressOf(next, now()), isNews: true } : known
      } catch (thrown) {
        const error = toAmazonAuthError(thrown)
        if (!isPassing(error)) {
          await settle(ended(claimed))
          throw error
        }
        onTrouble(key.appId, error)
        await settle(afterTrouble(claimed, error, now())).catch(() => undefined)
        return known
      }
    },

    async finish(key, client, signIn) {
      const claimedUntilMs = now() + SIGNING_IN_MS
      const claimed = await store.claim(key, 'linked', now(), claimedUntilMs)
      if (claimed === undefined) return undefined
      const settle = (login: DeviceLogin) => store.settle(key, claimedUntilMs, login)
      try {
        const linked = boxes.linked.open(key, claimed.sealed)
        if (linked?.clientId !== client.clientId) throw new AmazonAuthError('device_expired')
        const signedIn = await signIn(linked)
        return (await settle({ ...ended(claimed), state: 'done' })) ? signedIn : undefined
      } catch (thrown) {
        const error = toAmazonAuthError(thrown)
        if (!isPassing(error)) {
          await settle({ ...ended(claimed), state: endAfter(error) })
          throw error
        }
        onTrouble(key.appId, error)
        await settle({ ...claimed, nextPollAtMs: now() + TRY_AGAIN_MS }).catch(() => undefined)
        return undefined
      }
    },
  }
}

function codesOf({ deviceCode, userCode }: CodePair): { deviceCode: string; userCode: string } {
  return { deviceCode, userCode }
}

function progressOf(login: DeviceLogin, nowMs: number): DeviceProgress {
  const { intervalMs, nextPollAtMs } = login
  // Whoever has signed in had a claim, which stands there still.
  const isFresh = nowMs < nextPollAtMs
  return { state: stateFor(login, nowMs), isNews: false, isFresh, intervalMs }
}

function stateFor({ state, expiresAtMs }: DeviceLogin, nowMs: number): DeviceProgress['state'] {
  const isOver = nowMs >= expiresAtMs
  if (state === 'new' || state === 'open') return isOver ? 'ended' : 'pending'
  return state === 'linked' && isOver ? 'ended' : state
}

function afterPoll(
  login: DeviceLogin,
  answer: DevicePoll,
  nowMs: number,
  sealTokens: (tokens: AmazonTokens) => string,
): DeviceLogin {
  switch (answer.state) {
    case 'granted':
      return {
        ...login,
        state: 'linked',
        sealed: sealTokens(answer.tokens),
        nextPollAtMs: nowMs,
        expiresAtMs: Math.max(login.expiresAtMs, nowMs + FINISH_WITHIN_MS),
      }
    case 'pending':
      return { ...login, nextPollAtMs: nowMs + login.intervalMs }
    case 'slow_down': {
      const intervalMs = login.intervalMs + SLOWER_BY_MS
      return { ...login, intervalMs, nextPollAtMs: nowMs + intervalMs }
    }
    default:
      return { ...ended(login), state: answer.state }
  }
}

/** What could not be asked is asked again after an interval; a longer one, where the answer did not come in time. */
function afterTrouble(login: DeviceLogin, { code }: AmazonAuthError, nowMs: number): DeviceLogin {
  const { intervalMs: before } = login
  const longer = Math.max(before, Math.min(2 * before, MAX_INTERVAL_MS))
  const intervalMs = code === 'amazon_timeout' ? longer : before
  return { ...login, intervalMs, nextPollAtMs: nowMs + intervalMs }
}

/** Its codes and tokens are forgotten at once, the rest by the purge: until then whoever asks is told. */
function ended(login: DeviceLogin): DeviceLogin {
  return { ...login, state: 'ended', sealed: '' }
}

function endAfter({ code }: AmazonAuthError): 'ended' | 'denied' {
  return code === 'device_expired' ? 'ended' : 'denied'
}

/** Whether it is worth trying again: Amazon, the store or this process is in trouble, and the login is as it was. */
function isPassing({ code }: AmazonAuthError): boolean {
  return code.startsWith('amazon_') || code === 'store_unavailable' || code === 'server_busy'
}

function tooMany(appId: string): AmazonAuthError {
  return new AmazonAuthError('too_many_requests', {
    app: appId,
    retryAfterSeconds: RETRY_AFTER_SECONDS,
    reason: 'as many codes wait as may',
    advice: 'See limits.open_devices_per_app and limits.open_devices_per_address.',
    problem: 'Too many codes of this app are open. Please try again in a minute.',
  })
}
