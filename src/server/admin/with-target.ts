import { Command } from 'commander'

import { CommandError } from '../command-error'
import { configOption } from '../load-command-config'
import { FROM_STDIN, readSecret } from '../read-input'
import type { AdminTarget } from './admin-target'
import { serverTarget, type ServerAccess } from './server-target'
import { storeTarget } from './store-target'
import { withComposition, type StoreUse } from './with-composition'

/** Where a command works: `--config` names a store, `--url` a server. */
export interface TargetOptions {
  readonly config?: string
  readonly url?: string
  readonly accessKey?: string
  readonly secretKey?: string
}

const SECRET_VARIABLE = 'AMAZON_AUTH_SECRET_KEY'
const HOW = `give it in the environment variable ${SECRET_VARIABLE}, or on standard input with --secret-key -.`

/** A command that works on a store or on a server. */
export function adminCommand(name: string, description: string, help: string): Command {
  return new Command(name)
    .description(description)
    .addHelpText('after', help)
    .addOption(configOption().conflicts('url'))
    .option('--url <url>', 'work on the server that runs there, not on the store')
    .option('--access-key <key>', 'with --url: access key to sign with, app:<name>')
    .option(
      '--secret-key <->',
      `with --url: - reads the secret key from standard input; default: environment variable ${SECRET_VARIABLE}`,
    )
}

/**
 * Opens what a command works on, for one piece of work.
 *
 * @param how.mayMakeStore Default: true.
 * @throws {CommandError} The options do not say where, or with which keys; there is no store, and none is to be made.
 */
export async function withTarget(
  options: TargetOptions,
  work: (target: AdminTarget) => Promise<void>,
  how: StoreUse = {},
): Promise<void> {
  const access = await findAccess(options)
  if (access !== undefined) return work(serverTarget(access))
  return withComposition(
    options.config,
    (composition, loaded) => work(storeTarget(composition, loaded)),
    how,
  )
}

/**
 * How a server is to be called; undefined: the work is on a store.
 *
 * @throws {CommandError} As {@link withTarget}.
 */
export async function findAccess(options: TargetOptions): Promise<ServerAccess | undefined> {
  const { url, accessKey, secretKey } = options
  if (url !== undefined) return readAccess(url, options)
  if (accessKey === undefined && secretKey === undefined) return undefined
  throw new CommandError('Keys are for a server: give its address too, with --url.')
}

async function readAccess(
  url: string,
  { accessKey, secretKey: source }: Pick<TargetOptions, 'accessKey' | 'secretKey'>,
): Promise<ServerAccess> {
  if (accessKey === undefined) {
    throw new CommandError('--url needs --access-key app:<name>, the app to sign as.')
  }
  if (source !== undefined && source !== FROM_STDIN) {
    throw new CommandError(`Every user of this machine can read the command line: ${HOW}`)
  }
  const secretKey =
    source === undefined
      ? process.env[SECRET_VARIABLE]
      : await readSecret(`secret key of ${accessKey}`)
  if (!secretKey) throw new CommandError(`--url needs a secret key: ${HOW}`)
  return { url, accessKey, secretKey }
}
