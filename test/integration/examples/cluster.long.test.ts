import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { Browser } from '../../support/browser'
import { until } from '../../support/until'
import { startExample, type RunningExample } from './running-example'

let folder: string
let example: RunningExample
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'amazon-auth-'))
  example = await startExample('cluster/app.mjs', /(?:Open [^]*){3}/, { WORKERS: '3' }, folder)
})
afterAll(async () => {
  await example.stop()
  rmSync(folder, { recursive: true })
})

test('examples/cluster knows at each of its processes who has signed in at one of them', async () => {
  const browser = new Browser(example.origin)
  expect(await example.signIn(browser, '/')).toMatchObject({ status: 302, location: '/' })
  const seen = new Set<string>()
  await until(async () => {
    // Each request on a connection of its own, which the system gives to one process or another.
    const { body } = await browser.get('/', { connection: 'close' })
    expect(body).toMatch(/^Hello Ada Lindqvist, from process \d+$/)
    seen.add(body)
    return seen.size === 3
  })
})
