import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

import {
  fillDeliveries,
  fillOperators,
  loadOf,
  openStatements,
  type OperatorsWorld,
} from './fill-operators'
import { openPostgres } from './open-postgres'
import { pagesOf } from './pages-of-operators'
import { seed } from './seed'
import { serveOperators } from './serve-operators'
import { visit } from './visit-pages'

const WORLDS: Readonly<Record<string, OperatorsWorld>> = {
  postgres: {
    apps: 100_000,
    users: 1_000_000,
    events: 10_000_000,
    busyApps: 1_000,
    deliveries: 1_000_000,
  },
  sqlite: { apps: 20_000, users: 200_000, events: 1_000_000, busyApps: 200, deliveries: 100_000 },
}

const { values } = parseArgs({
  options: {
    store: { type: 'string', default: 'postgres' },
    times: { type: 'string', default: '5' },
    /** A part of what a whole run has, to try it. */
    part: { type: 'string', default: '1' },
    /** A store that an earlier run has kept, and the key of it. */
    url: { type: 'string' },
    key: { type: 'string' },
    keep: { type: 'boolean', default: false },
    only: { type: 'string' },
  },
})

void (async () => {
  const secretKey = values.key ?? randomBytes(48).toString('base64')
  const world = partOf(WORLDS[values.store], Number(values.part))
  const store = values.url === undefined ? await makeStore() : { url: values.url, drop: undefined }
  const tell = (line: string) => console.error(line)
  const statements = await openStatements(store.url)
  try {
    if (values.url === undefined) {
      await statements.close()
      await seed(store.url, { apps: world.apps, usersPerApp: 0 }, secretKey)
    }
    const database = values.url === undefined ? await openStatements(store.url) : statements
    if (values.url === undefined) await fillOperators(database, world, tell)
    const server = await serveOperators(store.url, secretKey)
    try {
      console.log(
        '| page | answer | median | worst | CPU | event loop held | KB |\n|---|---|---|---|---|---|---|',
      )
      for (const path of await pagesOf(server, database, (id) =>
        fillDeliveries(database, id, world),
      )) {
        if (values.only !== undefined && !path.includes(values.only)) continue
        const seen = await visit(server, path, Number(values.times))
        const [median, worst, cpu, held] = [
          seen.medianMs,
          seen.worstMs,
          seen.cpuMs,
          seen.heldMs,
        ].map((ms) => `${ms.toFixed(0)} ms`)
        console.log(
          `| \`${path}\` | ${seen.status} | ${median} | ${worst} | ${cpu} | ${held} | ${Math.round(seen.bytes / 1000)} |`,
        )
      }
      console.log(`\nLoad of the machine: ${loadOf()}`)
    } finally {
      await server.stop()
      await database.close()
    }
  } finally {
    if (values.keep) console.error(`--url ${store.url} --key ${secretKey}`)
    else await store.drop?.()
  }
})()

function partOf(world: OperatorsWorld | undefined, part: number): OperatorsWorld {
  if (world === undefined) throw new Error('--store is postgres or sqlite')
  const of = (count: number) => Math.max(2, Math.round((count * part) / 2) * 2)
  return {
    apps: of(world.apps),
    users: of(world.users),
    events: of(world.events),
    busyApps: of(world.busyApps),
    deliveries: of(world.deliveries),
  }
}

async function makeStore() {
  if (values.store === 'postgres') {
    const database = await openPostgres()
    if (database === undefined) throw new Error('PostgreSQL cannot be reached')
    return database
  }
  const directory = mkdtempSync(join(tmpdir(), 'bench-operators-'))
  const drop = () => {
    rmSync(directory, { recursive: true })
    return Promise.resolve()
  }
  return { url: `sqlite:${join(directory, 'store.db')}`, drop }
}
