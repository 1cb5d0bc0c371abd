import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { until } from './until'

/** Where Debian's package puts it. */
const SOURCES = '/usr/share/wordpress'
const PLUGIN = join(__dirname, '../../examples/wordpress')
const run = promisify(execFile)

export const hasPhp = spawnSync('php', ['-v']).status === 0
const hasMysql = hasPhp && spawnSync('php', ['-m'], { encoding: 'utf8' }).stdout.includes('mysqli')
export const hasWordPress =
  hasMysql && existsSync(SOURCES) && spawnSync('mariadbd', ['--version']).status === 0

/** `describe` for tests that need a program: skipped, and said so, where it is missing; but never in CI. */
export function describeWith(what: string, isThere: boolean): typeof describe {
  if (isThere) return describe
  if (process.env.CI === 'true') throw new Error(`CI needs ${what}, and found none`)
  console.warn(`Skipped: there is no ${what} on this machine.`)
  return describe.skip
}

/** A WordPress of its own, on a MariaDB of its own, with our plugin in it. */
export interface WordPress {
  readonly origin: string
  /** Runs PHP within it and gives what that prints; `$args` are the arguments. */
  php(code: string, ...args: readonly string[]): Promise<string>
  /** What its PHP has logged. */
  log(): Promise<string>
  close(): Promise<void>
}

export interface WordPressSetup {
  readonly port: number
  /** Constants of wp-config.php, with values in PHP. */
  readonly constants: Readonly<Record<string, string>>
  readonly admin: { readonly name: string; readonly password: string; readonly email: string }
}

export async function startWordPress({
  port,
  constants,
  admin,
}: WordPressSetup): Promise<WordPress> {
  const folder = await mkdtemp(join(tmpdir(), 'wordpress-'))
  const site = join(folder, 'site')
  const origin = `http://127.0.0.1:${port}`
  const [database] = await Promise.all([startMariaDb(folder), copySite(site)])
  await writeFile(join(site, 'wp-config.php'), configOf({ folder, origin, constants }))
  const php: WordPress['php'] = async (code, ...args) => {
    const whole = `<?php $_SERVER['HTTP_HOST'] = '127.0.0.1:${port}'; ${code}`
    const file = join(folder, `run-${process.hrtime.bigint().toString()}.php`)
    await writeFile(file, whole)
    return (await run('php', ['-d', 'display_errors=stderr', file, ...args], { cwd: site })).stdout
  }
  await php(
    `const WP_INSTALLING = true; require 'wp-load.php'; require 'wp-admin/includes/upgrade.php';
     wp_install('A blog', $argv[1], $argv[3], false, '', $argv[2]);`,
    admin.name,
    admin.password,
    admin.email,
  )
  const server = await serve(site, port, join(folder, 'php.log'))
  return {
    origin,
    php: (code, ...args) => php(`require 'wp-load.php'; ${code}`, ...args),
    log: () => readFile(join(folder, 'php.log'), 'utf8'),
    async close() {
      await Promise.all([stop(server), stop(database)])
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function copySite(site: string): Promise<void> {
  await cp(SOURCES, site, {
    recursive: true,
    dereference: true,
    filter: (file) => !file.endsWith('/.htaccess'),
  })
  const plugins = join(site, 'wp-content/mu-plugins')
  await mkdir(plugins, { recursive: true })
  await cp(PLUGIN, plugins, { recursive: true })
}

function configOf({
  folder,
  origin,
  constants,
}: {
  readonly folder: string
  readonly origin: string
  readonly constants: WordPressSetup['constants']
}): string {
  const texts = {
    DB_NAME: 'blog',
    DB_USER: 'root',
    DB_PASSWORD: '',
    DB_HOST: `localhost:${join(folder, 'socket')}`,
    DB_CHARSET: 'utf8mb4',
    WP_HOME: origin,
    WP_SITEURL: origin,
    ...Object.fromEntries(
      ['AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE'].flatMap((name) => [
        [`${name}_KEY`, `a key of this test alone: ${name}`],
        [`${name}_SALT`, `a salt of this test alone: ${name}`],
      ]),
    ),
  }
  const quoted = Object.entries(texts).map(([name, value]) => [name, `'${value}'`])
  const all = [
    ...quoted,
    ['DISABLE_WP_CRON', 'true'],
    ['WP_DEBUG', 'true'],
    ['WP_DEBUG_DISPLAY', 'false'],
    ['WP_HTTP_BLOCK_EXTERNAL', 'true'],
    ...Object.entries(constants),
  ]
  return [
    '<?php',
    // As behind any proxy that ends TLS.
    "if (($_SERVER['HTTP_X_FORWARDED_PROTO'] ?? '') === 'https') $_SERVER['HTTPS'] = 'on';",
    ...all.map(([name = '', value = '']) => `define('${name}', ${value});`),
    "$table_prefix = 'wp_';",
    "if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');",
    "require_once ABSPATH . 'wp-settings.php';",
  ].join('\n')
}

async function startMariaDb(folder: string): Promise<ChildProcess> {
  const data = join(folder, 'db')
  const socket = join(folder, 'socket')
  const user = `--user=${userInfo().username}`
  await run('mariadb-install-db', [
    '--no-defaults',
    `--datadir=${data}`,
    user,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
  ])
  const quick = [
    '--skip-networking',
    '--innodb-flush-log-at-trx-commit=0',
    '--innodb-buffer-pool-size=32M',
  ]
  const child = spawn(
    'mariadbd',
    ['--no-defaults', `--datadir=${data}`, `--socket=${socket}`, user, ...quick],
    { stdio: 'ignore' },
  )
  await until(() => Promise.resolve(existsSync(socket)))
  await run('mariadb', [
    '--no-defaults',
    `--socket=${socket}`,
    '-u',
    'root',
    '-e',
    'CREATE DATABASE blog CHARACTER SET utf8mb4',
  ])
  return child
}

async function serve(site: string, port: number, log: string): Promise<ChildProcess> {
  const args = [
    '-d',
    'log_errors=1',
    '-d',
    `error_log=${log}`,
    '-d',
    'display_errors=0',
    '-S',
    `127.0.0.1:${port}`,
    '-t',
    site,
  ]
  await writeFile(log, '')
  const env = { ...process.env, PHP_CLI_SERVER_WORKERS: '3' }
  // Its workers outlive it: they are ended as a group.
  const child = spawn('php', args, { env, stdio: 'ignore', detached: true })
  await until(() =>
    fetch(`http://127.0.0.1:${port}/wp-includes/css/buttons.css`).then(
      ({ ok }) => ok,
      () => false,
    ),
  )
  return child
}

/** With its workers, where it leads a group of processes. */
async function stop(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit')
  if (child.spawnargs[0] === 'php' && child.pid !== undefined) process.kill(-child.pid, 'SIGTERM')
  else child.kill('SIGTERM')
  await gone
}
