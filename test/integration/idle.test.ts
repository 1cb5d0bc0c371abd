import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

const ROOT = join(__dirname, '../..')

/** Every timer that is there, whether or not it keeps the process alive, by how often it comes. */
const CHILD = `
  const timers = new Map()
  require('node:async_hooks').createHook({
    init(id, type, _trigger, timer) { if (type === 'Timeout') timers.set(id, timer) },
    destroy(id) { timers.delete(id) },
  }).enable()
  const list = () => [...timers.values()].map(({ _idleTimeout: ms, _repeat: every }) => ({ ms, repeats: every !== null }))
  const { amazonAuth } = require('express-amazon-auth')
  const quiet = { debug() {}, info() {}, warn() {}, error() {} }
  const auth = amazonAuth({ store: { url: 'sqlite::memory:' }, logger: quiet })
  const constructed = list()
  auth.ready().then(async () => {
    const ready = list()
    await auth.close()
    setImmediate(() => console.log(JSON.stringify({ constructed, ready, closed: list(), handles: process.getActiveResourcesInfo() })))
  })`

test('an idle process has no timer that ticks: none when made, one far away when open, none when closed', () => {
  const told = execFileSync(process.execPath, ['-e', CHILD], { cwd: ROOT, encoding: 'utf8' })
  const { constructed, ready, closed, handles } = JSON.parse(told) as Record<string, unknown[]>
  expect(constructed).toEqual([])
  // The purge, which comes once after the start and then every ten minutes.
  expect(ready).toEqual([{ ms: 500, repeats: false }])
  expect(closed).toEqual([])
  expect(handles).not.toContain('Timeout')
})
