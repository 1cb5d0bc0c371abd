import { setTimeout as sleep } from 'node:timers/promises'

import type { AmazonAuthOptions } from '../../../src'
import type { EmulatorOptions } from '../../../src/emulator'
import { callAt, type ApiAnswer } from '../../support/api'
import { ACME, startHost, type Host, type HostOptions } from '../../support/host'
import { createTestDatabase, describeOnPostgres, type TestDatabase } from '../../support/postgres'

const SECRET_KEY = 'the-master-key-of-devices-under-test-0123456789'

/** The client of acme's devices at Amazon: it has no return URLs. */
export const TV = { clientId: 'amzn1.application-oa2-client.acme-tv', clientSecret: 'tv-secret' }

/** Codes as a device has got them. */
export interface Codes {
  readonly device_code: string
  readonly user_code: string
  readonly interval: number
}

/** A host whose app acme has a client for devices, and devices that ask it. */
export interface DeviceWorld extends Host {
  post(path: string, body: Record<string, string>): Promise<ApiAnswer>
  begin(appid?: string): Promise<Codes>
  /** One ask for the token. */
  ask(codes: Codes): Promise<ApiAnswer>
  /** Asks as a device does, until it is told something other than to wait. */
  wait(codes: Codes): Promise<ApiAnswer>
  /** When the emulator was polled, in milliseconds since 1970. */
  polls(): readonly number[]
}

export async function startDeviceWorld({
  amazon,
  options,
  ...setup
}: HostOptions & {
  readonly amazon?: EmulatorOptions
  readonly options?: AmazonAuthOptions
} = {}): Promise<DeviceWorld> {
  const { apps, ...others } = options ?? {}
  const host = await startHost({
    ...setup,
    amazon: { pollIntervalSeconds: 1, ...amazon },
    options: {
      apps: {
        acme: {
          azAppId: ACME.clientId,
          azSecret: ACME.clientSecret,
          azDeviceAppId: TV.clientId,
        },
        keyless: {},
        ...(typeof apps === 'object' && apps),
      },
      ...others,
    },
  })
  host.emulator.addClient({ ...TV, kind: 'device', allowedReturnUrls: [] })
  const post: DeviceWorld['post'] = (path, body) => callAt(host.origin, `POST ${path}`, { body })
  const ask = ({ device_code }: Codes) => post('/amazon_auth/device/token', { device_code })
  return {
    ...host,
    post,
    async begin(appid = 'acme') {
      const { status, json } = await post('/amazon_auth/device', { appid })
      if (status !== 200) throw new Error(`begin answered ${status}`)
      return json as Codes
    },
    ask,
    async wait(codes) {
      for (;;) {
        const answer = await ask(codes)
        const waits = ['authorization_pending', 'slow_down'].includes(String(answer.json?.error))
        if (!waits) return answer
        await sleep(codes.interval * 500)
      }
    },
    polls: () =>
      host.emulator.journal
        .entries({ path: '/auth/o2/token' })
        .filter(({ body }) => body.grant_type === 'device_code')
        .map(({ atMs }) => atMs),
  }
}

/** The shortest time between two polls, in milliseconds. */
export function shortestGap(times: readonly number[]): number {
  return Math.min(...times.slice(1).map((time, at) => time - (times[at] ?? 0)))
}

/**
 * Runs tests on SQLite and on PostgreSQL, where that is there.
 *
 * @param tests Are given what starts a world on that store; it is closed, and the store dropped, after them.
 */
export function describeOnStores(tests: (start: () => Promise<DeviceWorld>) => void): void {
  describe('on SQLite', () => {
    describeOn(
      () => Promise.resolve({ url: 'sqlite::memory:', drop: () => Promise.resolve() }),
      tests,
    )
  })
  describeOnPostgres('on PostgreSQL', () => describeOn(() => createTestDatabase(), tests))
}

function describeOn(
  createStore: () => Promise<Pick<TestDatabase, 'url' | 'drop'>>,
  tests: (start: () => Promise<DeviceWorld>) => void,
): void {
  let store: Pick<TestDatabase, 'url' | 'drop'>
  let world: DeviceWorld
  afterAll(async () => {
    await world.close()
    await store.drop()
  })
  tests(async () => {
    store = await createStore()
    world = await startDeviceWorld({
      options: { store: { url: store.url }, secretKey: SECRET_KEY },
    })
    return world
  })
}
