import { Command } from 'commander'

import { ApiError } from '../../client/api-error'
import type { SignedIn } from '../../client/client'
import { signInOnDevice, type DeviceCode } from '../../client/sign-in-on-device'
import { ERRORS } from '../../errors'
import { printable } from '../../printable'
import { abortAtSignal } from '../abort-at-signal'
import { formatJson } from '../admin/print-answer'
import { CommandError } from '../command-error'
import { qrBlocks } from '../qr-blocks'

interface LoginOptions {
  readonly device?: true
  readonly app?: string
  readonly url: string
  readonly token?: true
  readonly qr: boolean
}

const HELP = `
What is to be shown goes to standard error; standard output gets who has signed in, as JSON, or with --token the session
token and nothing else.

Examples:
  express-amazon-auth login --device --app shop --url https://auth.example.com
  TOKEN=$(express-amazon-auth login --device --app shop --token)`

export function loginCommand(): Command {
  return new Command('login')
    .description('sign in to an app of a server from this terminal')
    .requiredOption('--device', 'by a code that you type at Amazon, on a phone or computer')
    .option('--app <app>', 'name of the app; default: the root app')
    .option('--url <url>', 'where the server is', 'http://localhost:8080')
    .option('--token', 'print the session token, which is a secret')
    .option('--no-qr', 'draw no picture')
    .addHelpText('after', HELP)
    .action(run)
}

async function run({ app, url, token, qr }: LoginOptions): Promise<void> {
  const stopped = abortAtSignal()
  const waiting = showWaiting()
  try {
    const signedIn = await signInOnDevice({
      url,
      ...(app !== undefined && { app }),
      onCode: (code) => waiting.begin(describe(code, qr && process.stderr.isTTY), code),
      renews: true,
      signal: stopped.signal,
    })
    waiting.end()
    print(signedIn, token === true)
  } catch (thrown) {
    waiting.end()
    if (stopped.signal.aborted) throw new CommandError('Stopped: nobody is signed in.')
    if (!(thrown instanceof ApiError)) throw thrown
    throw new CommandError(describeRefusal(thrown, app, url), { cause: thrown })
  } finally {
    stopped.release()
  }
}

/** Of statuses below 500, all that the server has for a device; whatever else answers is none. */
const OWN_STATUSES: ReadonlySet<number> = new Set([400, 413, 415, 429])
const NOT_IMPLEMENTED = 501

function describeRefusal(
  { message, status, path }: ApiError,
  app: string | undefined,
  url: string,
): string {
  const isBelow = status !== undefined && (status < 500 || status === NOT_IMPLEMENTED)
  if (isBelow && !OWN_STATUSES.has(status))
    return `Nobody is signed in: there seems to be no express-amazon-auth at ${url} (POST ${path} was answered by ${status}). --url is the address of the server, with the path below which it is mounted, if any: https://example.com/auth.`
  const place = `${app === undefined ? 'the root app' : `the app "${printable(app)}"`} of ${url}`
  const hint = message === ERRORS.app_not_configured.message ? NO_APP : ''
  return `Nobody is signed in to ${place}: ${message}${hint}`
}

const NO_APP =
  ' Either there is no app of this name, or it lacks az_app_id and az_secret: the log of the server says which.'

function describe(code: DeviceCode, drawsPicture: boolean): string {
  const { userCode, verificationUri, verificationUriComplete = verificationUri } = code
  return [
    '',
    `  On a phone or computer, open  ${printable(verificationUri)}`,
    `  and enter this code:          ${printable(userCode)}`,
    '',
    ...(drawsPicture ? [qrBlocks(verificationUriComplete), ''] : []),
  ].join('\n')
}

function print({ token, user }: SignedIn, printsToken: boolean): void {
  console.error(`Signed in as ${printable(user.name)} to ${printable(user.appid)}.`)
  console.log(printsToken ? printable(token) : formatJson(user))
}

interface Waiting {
  begin(text: string, code: DeviceCode): void
  end(): void
}

const EVERY_MS = 1_000

/** How long the code is good, counted down in one line of a terminal; else said once. */
function showWaiting(): Waiting {
  let timer: NodeJS.Timeout | undefined
  const end = (): void => {
    if (timer === undefined) return
    clearInterval(timer)
    timer = undefined
    process.stderr.write('\r\x1b[K')
  }
  return {
    end,
    begin(text, { expiresInSeconds }) {
      end()
      console.error(text)
      const untilMs = performance.now() + expiresInSeconds * 1000
      const minutes = Math.ceil(expiresInSeconds / 60)
      if (!process.stderr.isTTY) {
        console.error(`Waiting; the code is good for ${minutes} min.`)
        return
      }
      timer = setInterval(() => {
        const seconds = Math.max(0, Math.ceil((untilMs - performance.now()) / 1000))
        const left = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
        process.stderr.write(`\r\x1b[K  Waiting; the code is good for ${left}.`)
      }, EVERY_MS)
    },
  }
}
