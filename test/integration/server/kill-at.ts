import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

import Database from 'libsql'

import { runSql } from '../../support/postgres'
import type { Running, Workplace } from './command-line'

/**
 * Kills (-9) a command that writes users into a store as soon as so many are there.
 *
 * @returns Whether it was killed: it may have been over before.
 */
export async function killAt(
  running: Running,
  count: number,
  { url, place }: { readonly url: string; readonly place: Workplace },
): Promise<boolean> {
  while (running.exitCode === null && (await countUsers(url, place)) < count) await setTimeout(5)
  running.child.kill('SIGKILL')
  return (await running.exit()) === null
}

const COUNT = 'SELECT count(*) AS n FROM users'

async function countUsers(url: string, place: Workplace): Promise<number> {
  if (url.startsWith('postgres')) {
    const [row] = await runSql(url, COUNT).catch(() => [])
    return Number(row?.n ?? 0)
  }
  const file = join(place.folder, url.slice('sqlite:'.length))
  return existsSync(file) ? countIn(file) : 0
}

function countIn(file: string): number {
  const database = new Database(file, { readonly: true })
  try {
    return (database.prepare(COUNT).get() as { n: number }).n
  } catch {
    // Not made yet.
    return 0
  } finally {
    database.close()
  }
}
