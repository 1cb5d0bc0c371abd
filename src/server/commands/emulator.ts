import { Command, InvalidArgumentError } from 'commander'

import {
  DEMO_CLIENTS,
  PEOPLE,
  startEmulator,
  type Emulator,
  type EmulatorWebClient,
} from '../../emulator'
import { isUrl } from '../../to-url'
import { explainRefusal } from '../listen-on'
import { readPort } from '../read-number'
import { untilSignal } from '../until-signal'

interface EmulatorOptions {
  readonly port: number
  readonly client?: readonly EmulatorWebClient[]
}

const EXAMPLES = `
Give --client once for each app, and again with another address for an app that has several.

Examples:
  express-amazon-auth emulator
  express-amazon-auth emulator --port 8091 --client amzn1.shop:secret:http://localhost:3000/amazon_auth`

export function emulatorCommand(): Command {
  return new Command('emulator')
    .description('run a stand-in for Login with Amazon on this machine')
    .option('-p, --port <port>', 'port to listen on', readPort, 8090)
    .option('--client <id:secret:returnUrl>', 'an app that may sign people in', readClient)
    .addHelpText('after', EXAMPLES)
    .action(run)
}

async function run({ port, client: clients = DEMO_CLIENTS }: EmulatorOptions): Promise<void> {
  const emulator = await explainRefusal(
    `http://127.0.0.1:${port}`,
    startEmulator({ port, clients }),
  )
  console.log(describe(emulator, clients))
  await untilSignal()
  await emulator.close()
}

/** A client named again gets one more return URL. */
function readClient(
  argument: string,
  known: readonly EmulatorWebClient[] = [],
): readonly EmulatorWebClient[] {
  const [, clientId, clientSecret, returnUrl] = /^([^:]+):([^:]+):(.+)$/.exec(argument) ?? []
  if (clientId === undefined || clientSecret === undefined || !isUrl(returnUrl ?? '')) {
    throw new InvalidArgumentError('It must have the form id:secret:http://localhost:3000/….')
  }
  const same = known.find((client) => client.clientId === clientId)
  const allowedReturnUrls = [...(same?.allowedReturnUrls ?? []), returnUrl ?? '']
  const others = known.filter((client) => client !== same)
  return [...others, { clientId, clientSecret, allowedReturnUrls }]
}

function describe(emulator: Emulator, clients: readonly EmulatorWebClient[]): string {
  const people = PEOPLE.map(({ name, email, userId }) => {
    const who = [name ?? 'no name', email ?? 'no e-mail'].join(', ')
    return `  ${who}  (${userId})`
  })
  const apps = clients.map(({ name, clientId, clientSecret, allowedReturnUrls }) =>
    [
      `  ${name ?? clientId}`,
      `    para.az_app_id = "${clientId}"`,
      `    para.az_secret = "${clientSecret}"`,
      ...allowedReturnUrls.map((url) => `    returns to ${url}`),
    ].join('\n'),
  )
  return [
    `Emulator of Login with Amazon: ${emulator.origin}`,
    'For development only: anyone who reaches it signs in as anyone. Stop it with Ctrl+C.',
    '',
    'People who can sign in:',
    ...people,
    '',
    'Apps they can sign in to:',
    ...apps,
    '',
    'Lines for application.conf (the server then needs --allow-emulator):',
    `  para.amazon.authorize_url = "${emulator.authorizeUrl}"`,
    `  para.amazon.api_url = "${emulator.apiUrl}"`,
  ].join('\n')
}
