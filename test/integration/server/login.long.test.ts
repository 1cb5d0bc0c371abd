import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

import { signInOnDevice } from '../../../src/client'
import { until } from '../../support/until'
import { startDeviceWorld, type DeviceWorld } from '../device/device-world'
import { Workplace } from './command-line'

const EXAMPLE = join(__dirname, '../../../examples/device/main.mjs')

let world: DeviceWorld
let place: Workplace

beforeAll(async () => {
  world = await startDeviceWorld()
  place = new Workplace()
})
afterAll(async () => {
  await place.clear()
  await world.close()
})

const CODE = /enter this code: +([A-Z]{6})/
const login = (...more: string[]) =>
  place.start(['login', '--device', '--app', 'acme', '--url', world.origin, ...more])

async function codeOf(running: { readonly stderr: string }): Promise<string> {
  await until(() => CODE.test(running.stderr))
  return CODE.exec(running.stderr)?.[1] ?? ''
}

test('login --device shows code and address, and prints who has signed in, without the token', async () => {
  const command = login()
  world.emulator.allowDevice(await codeOf(command))
  expect(await command.exit()).toBe(0)
  expect(command.stderr).toContain(`open  ${world.emulator.origin}/us/code`)
  expect(JSON.parse(command.stdout)).toMatchObject({ name: 'Ada Lindqvist', appid: 'acme' })
  expect(command.stdout + command.stderr).not.toContain('eyJ')
})

test('with --token standard output is the token alone', async () => {
  const command = login('--token')
  world.emulator.allowDevice(await codeOf(command))
  expect(await command.exit()).toBe(0)
  expect(command.stdout).toMatch(/^eyJ[\w.-]+\n$/)
})

test('a person who says no, and an app that is not there, end it with a sentence', async () => {
  const command = login()
  world.emulator.denyDevice(await codeOf(command))
  expect(await command.exit()).toBe(1)
  expect(command.stderr).toContain(
    `Nobody is signed in to the app "acme" of ${world.origin}: Access denied.`,
  )
  const unknown = login('--app', 'nobody')
  expect(await unknown.exit()).toBe(1)
  expect(unknown.stderr).toMatch(
    /Nobody is signed in to the app "nobody" of http:\S+: .* is not set up .* no app of this name/,
  )
})

test('an address where no server of ours is, or below which it is mounted, is told as such', async () => {
  const stranger = createServer((_req, res) => void res.writeHead(404).end('no such page'))
  await once(stranger.listen(0, '127.0.0.1'), 'listening')
  const elsewhere = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`
  try {
    for (const url of [elsewhere, `${world.origin}/nowhere`]) {
      const command = place.start(['login', '--device', '--url', url])
      expect(await command.exit()).toBe(1)
      expect(command.stderr).toContain(`there seems to be no express-amazon-auth at ${url} (POST`)
    }
  } finally {
    stranger.close()
  }
})

test('Ctrl+C ends the waiting', async () => {
  const command = login()
  await codeOf(command)
  command.child.kill('SIGINT')
  expect(await command.exit()).toBe(1)
  expect(command.stderr).toContain('Stopped: nobody is signed in.')
})

test('signInOnDevice asks for a new code where the last has expired, if it is to', async () => {
  const short = await startDeviceWorld({ amazon: { codePairLifeSeconds: 1 } })
  try {
    const codes: string[] = []
    const waiting = new AbortController()
    const signedIn = signInOnDevice({
      url: short.origin,
      app: 'acme',
      renews: true,
      signal: waiting.signal,
      onCode({ userCode }) {
        codes.push(userCode)
        if (codes.length === 2) short.emulator.allowDevice(userCode)
        if (codes.length > 5) waiting.abort()
      },
    })
    await signedIn.catch(() => undefined)
    expect(new Set(codes).size).toBeGreaterThan(1)
    const once = signInOnDevice({ url: short.origin, app: 'acme', onCode: () => undefined })
    await expect(once).rejects.toThrow('This code has expired')
  } finally {
    await short.close()
  }
})

test('examples/device signs in', async () => {
  const env = { ...process.env, AUTH_URL: world.origin, APP: 'acme' }
  const child = spawn(process.execPath, [EXAMPLE], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  await until(() => output.includes('enter '))
  world.emulator.allowDevice(/enter ([A-Z]{6})/.exec(output)?.[1] ?? '')
  await until(() => child.exitCode !== null)
  expect(output.trim().split('\n').slice(1)).toEqual([
    expect.stringMatching(/^signed in as Ada Lindqvist \(az:/),
    'the token is good: true',
  ])
})
