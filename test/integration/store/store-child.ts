import Database from 'libsql'
import { once } from 'node:events'
import { inspect } from 'node:util'
import type { AuditEvent } from '../../../src/audit/audit-event'
import { rollUp } from '../../../src/stats/roll-up'
import { loadOrCreateMasterKey } from '../../../src/store/master-key'
import { buildUser, openStore } from './open-store'

/** A process of its own that uses the store: `store-child.ts <command> <url> [argument]`. It prints a line per event. */
const COMMANDS: Record<string, (url: string, argument: string) => Promise<void>> = {
  async open(url) {
    const store = openStore(url)
    await store.ready()
    say('ready')
    await store.close()
  },
  async 'open-twice'(url, user) {
    becomeUser(user)
    const store = openStore(url)
    await store.ready().catch((error: unknown) => {
      say(inspect(error).replaceAll('\n', ' '))
    })
    await stdinEnded()
    await store.ready()
    say('ready')
    await store.close()
  },
  async 'listen-and-close'(url) {
    const store = openStore(url)
    const heard = new Promise<void>((resolve) => {
      store.changes.subscribe(() => resolve())
    })
    const waiting = setInterval(() => undefined, 1000)
    await store.ready()
    await heard
    clearInterval(waiting)
    await store.close()
    say('closed')
  },
  'master-key'(url) {
    say(String(loadOrCreateMasterKey({ storeUrl: url, mayCreate: true })))
    return Promise.resolve()
  },
  async 'hold-lock'(url) {
    const database = new Database(url.slice('sqlite:'.length))
    database.exec('BEGIN IMMEDIATE')
    say('locked')
    await stdinEnded()
    database.exec('COMMIT')
    database.close()
  },
  async 'upsert-one-person'(url, count) {
    const store = openStore(url)
    const upserts = Array.from({ length: Number(count) }, (_, index) =>
      store.users.upsert(buildUser({ id: `${process.pid}${index}` }), {}),
    )
    for (const user of await Promise.all(upserts)) say(String(user?.id))
    await store.close()
  },
  async 'put-settings'(url, count) {
    const store = openStore(url)
    for (let index = 0; index < Number(count); index += 1) {
      await store.apps.putSetting('shop', { name: `${process.pid}-${index}`, value: '"v"' }, index)
    }
    await store.close()
  },
  async 'upsert-forever'(url) {
    const store = openStore(url)
    for (let index = 0; ; index += 1) {
      const id = `${process.pid}${index}`
      await store.users.upsert(buildUser({ id, identifier: `az:${id}`, name: `Name ${id}` }), {})
      say(id)
    }
  },
  /** Batches of sign-ins to ten apps, in an order of their own, so many or until it is killed. */
  async 'count-sign-ins'(url, batches) {
    const store = openStore(url)
    for (let batch = 0; batch < Number(batches); batch += 1) {
      const events = Array.from({ length: 20 }, (_, n) => buildEvent(batch, n))
      const attempts = events.map((event) => ({ event, isOfApp: true, begunAtMs: event.atMs }))
      const begins = [{ app: `app-${batch % 10}`, minuteMs: 60_000 * batch, count: 3 }]
      await store.audit.append(events, rollUp(attempts, begins))
      say(String(batch))
    }
    await store.close()
  },
  async 'replace-settings-forever'(url) {
    const store = openStore(url)
    for (let round = 0; ; round += 1) {
      const names = Array.from({ length: 20 }, (_, index) => `key${index}`)
      const settings = new Map(names.map((name) => [name, `"${process.pid}-${round}"`]))
      await store.apps.replaceSettings('shop', { settings, kept: [] }, round)
      say(String(round))
    }
  },
}

function buildEvent(batch: number, n: number): AuditEvent {
  const isGood = Math.random() < 0.7
  return {
    atMs: 60_000 * batch + n,
    app: `app-${Math.floor(Math.random() * 10)}`,
    outcome: isGood ? 'success' : 'failure',
    reason: isGood ? 'ok' : `reason_${n % 3}`,
    way: 'browser',
    userId: undefined,
    requestId: undefined,
    network: '',
    tookMs: 110 + n,
    amazonMs: 100,
  }
}

/** Only now: the program itself may lie where that user cannot read it. */
function becomeUser(id: string): void {
  if (id === '') return
  process.setgid?.(Number(id))
  process.setuid?.(Number(id))
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

async function stdinEnded(): Promise<void> {
  process.stdin.resume()
  await once(process.stdin, 'end')
}

const [command = '', url = '', argument = ''] = process.argv.slice(2)
void COMMANDS[command]?.(url, argument)
