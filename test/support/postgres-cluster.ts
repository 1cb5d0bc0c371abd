import { execFile, spawnSync } from 'node:child_process'
import { chownSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { freePort } from './free-port'

const run = promisify(execFile)

/** A PostgreSQL server of a test's own, on this machine, which may be stopped and started. */
export interface PostgresCluster {
  readonly url: string
  readonly port: number
  start(): Promise<void>
  /** @param mode `immediate` is a crash, `fast` ends all sessions first. */
  stop(mode: 'fast' | 'immediate'): Promise<void>
  remove(): Promise<void>
}

const FOLDER = findPrograms()

/** `describe` for tests that stop a PostgreSQL server: skipped, and said so, where there is none; but never in CI. */
export const describeWithCluster = FOLDER === undefined ? skip() : describe

function skip(): typeof describe.skip {
  if (process.env.CI === 'true') throw new Error('CI needs the programs of a PostgreSQL server')
  console.warn('Skipped: there is no pg_ctl in /usr/lib/postgresql/*/bin or in PATH.')
  return describe.skip
}

/** Where initdb and pg_ctl lie: Debian keeps them out of PATH. */
function findPrograms(): string | undefined {
  const debian = '/usr/lib/postgresql'
  const versions = readdirOrNothing(debian).map((version) => join(debian, version, 'bin'))
  const inPath = spawnSync('pg_config', ['--bindir'])
  // Its types say nothing of a program that is not there: then there is no output.
  const found = String(inPath.stdout).trim()
  return [...versions, found].find((folder) => readdirOrNothing(folder).includes('pg_ctl'))
}

function readdirOrNothing(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** @param settings Lines of `postgresql.conf`, as `name=value`. */
export async function startCluster(...settings: readonly string[]): Promise<PostgresCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'auth-postgres-'))
  const owner = ownerOf(folder)
  const data = join(folder, 'data')
  const port = await freePort()
  const call = (program: string, ...args: readonly string[]) =>
    run(join(FOLDER ?? '', program), args, { cwd: folder, env: process.env, ...owner })
  const start = async (): Promise<void> => {
    const given = [
      'listen_addresses=127.0.0.1',
      `port=${port}`,
      `unix_socket_directories=${folder}`,
    ]
    const all = [...given, 'fsync=off', 'shared_buffers=32MB', ...settings]
    const options = all.map((line) => `-c ${line}`).join(' ')
    await call('pg_ctl', '-D', data, '-w', '-s', '-l', join(folder, 'log'), '-o', options, 'start')
  }
  const stop: PostgresCluster['stop'] = async (mode) => {
    await call('pg_ctl', '-D', data, '-w', '-s', '-m', mode, 'stop')
  }
  await call('initdb', '-D', data, '-A', 'trust', '-U', 'postgres', '-E', 'UTF8', '--no-sync')
  await start()
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    port,
    start,
    stop,
    async remove() {
      // It may have been stopped already.
      await stop('immediate').catch(() => undefined)
      rmSync(folder, { recursive: true })
    },
  }
}

/** PostgreSQL refuses to run as root, so root runs it as the user that its packages make. */
function ownerOf(folder: string): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {}
  const [uid = 0, gid = 0] = ['-u', '-g'].map((which) =>
    Number(spawnSync('id', [which, 'postgres'], { encoding: 'utf8' }).stdout),
  )
  chownSync(folder, uid, gid)
  return { uid, gid }
}
