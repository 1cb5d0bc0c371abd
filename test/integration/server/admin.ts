import { sign } from 'jsonwebtoken'

import { ApiError, createClient, type AppKeys, type Client } from '../../../src/client'
import { startEmulator, type Emulator } from '../../../src/emulator'
import { Workplace, type Ended } from './command-line'

export const ROOT: AppKeys = {
  accessKey: 'app:para',
  secretKey: 'root-secret-0123456789-abcdefghijklmnopqr',
}

type Environment = Readonly<Record<string, string>>

/** How a command is told where to work, and as whom. */
export interface Aim {
  readonly args: readonly string[]
  readonly environment: Environment
}

/** A server that runs, and its store beside it, both for commands to work on. */
export interface Site {
  readonly url: string
  readonly place: Workplace
  readonly emulator: Emulator
  /** The store that application.conf names, whoever asks. */
  atStore(keys: AppKeys): Aim
  atServer(keys: AppKeys): Aim
  run(args: readonly string[], environment?: Environment, input?: string): Promise<Ended>
  client(keys: AppKeys): Client
  /** Signs somebody in whom the app's own back end vouches for. */
  addUser(keys: AppKeys, name: string): Promise<void>
  /** Waits until the server has seen that the store has another secret. */
  untilEnded(keys: AppKeys): Promise<void>
  close(): Promise<void>
}

export async function openSite(): Promise<Site> {
  const emulator = await startEmulator({ clients: [] })
  const place = new Workplace()
  place.write('application.conf', [
    'para.port = 0',
    'para.host = "127.0.0.1"',
    `para.root_secret_key = "${ROOT.secretKey}"`,
    `para.amazon.authorize_url = "${emulator.authorizeUrl}"`,
    `para.amazon.api_url = "${emulator.apiUrl}"`,
  ])
  const { origin: url } = await place.listen(['serve', '--allow-emulator'])
  const client = (keys: AppKeys): Client => createClient({ url, ...keys })
  return {
    url,
    place,
    emulator,
    atStore: () => ({ args: [], environment: {} }),
    atServer: ({ accessKey, secretKey }) => ({
      args: ['--url', url, '--access-key', accessKey],
      environment: { AMAZON_AUTH_SECRET_KEY: secretKey },
    }),
    run: (args, environment = {}, input = '') => place.run(args, input, environment),
    client,
    async addUser(keys, name) {
      const claims = { identifier: `x:${name}`, email: 'someone@example.com', name }
      const token = sign(claims, keys.secretKey)
      await client(keys).signIn.withAppToken({ app: keys.accessKey, token })
    },
    async untilEnded(keys) {
      while (
        await client(keys)
          .me()
          .then(() => true, isNot403)
      ) {
        await new Promise((again) => setTimeout(again, 50))
      }
    },
    async close() {
      await Promise.all([place.clear(), emulator.close()])
    },
  }
}

function isNot403(error: unknown): boolean {
  return !(error instanceof ApiError && error.status === 403)
}
