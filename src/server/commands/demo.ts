import { createServer } from 'node:http'

import { Command } from 'commander'

import { servicesOf } from '../../amazon-auth'
import { startEmulator } from '../../emulator'
import { closeServer } from '../close-server'
import { createDemoApp } from '../demo/create-demo-app'
import { fillHistory } from '../demo/history/fill-history'
import { ACME, securityProfileOf, ZENITH } from '../demo/shops'
import { explainRefusal, listenNear, listenOn } from '../listen-on'
import { readPort } from '../read-number'
import { untilSignal } from '../until-signal'

interface DemoOptions {
  readonly port: number
  readonly emulatorPort: number
}

const SHUTDOWN_MS = 1_000

const EXAMPLES = `
A port that is in use is replaced by a free one.

Examples:
  express-amazon-auth demo
  express-amazon-auth demo --port 3001 --emulator-port 8091`

export function demoCommand(): Command {
  return new Command('demo')
    .description('show it: two apps, two people, no Amazon account')
    .option('-p, --port <port>', 'port of the demo', readPort, 3000)
    .option('--emulator-port <port>', 'port of the emulator of Amazon', readPort, 8090)
    .addHelpText('after', EXAMPLES)
    .action(demo)
}

async function demo({ port, emulatorPort }: DemoOptions): Promise<void> {
  const server = createServer()
  const origin = await listenNear(port, (near) =>
    listenOn(server, { port: near, host: 'localhost' }),
  )
  const clients = [ACME, ZENITH].map((shop) => securityProfileOf(shop, origin))
  const emulator = await listenNear(emulatorPort, (near) =>
    explainRefusal(`http://127.0.0.1:${near}`, startEmulator({ port: near, clients })),
  )
  const { app, auth } = createDemoApp({ origin, emulator })
  await auth.ready()
  await fillHistory(await servicesOf(auth), Date.now())
  server.on('request', app)
  const stopped = untilSignal()
  console.log(`Demo: ${origin}\n`)
  console.log(
    `Amazon is played by the emulator at ${emulator.origin}: nothing leaves this machine.`,
  )
  console.log('Stop with Ctrl+C.')
  await stopped
  await closeServer(server, SHUTDOWN_MS)
  await Promise.all([auth.close(), emulator.close()])
}
