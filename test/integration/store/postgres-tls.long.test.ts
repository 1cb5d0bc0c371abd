import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import {
  describeWithCluster,
  startCluster,
  type PostgresCluster,
} from '../../support/postgres-cluster'
import { runSql } from '../../support/postgres'
import { openStore } from './open-store'

const TLS_OF_OURS = `SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
  WHERE application_name = 'express-amazon-auth'`

describeWithCluster('a PostgreSQL server with a certificate for localhost', () => {
  const folder = mkdtempSync(join(tmpdir(), 'auth-tls-'))
  const [certificate, key] = [join(folder, 'server.crt'), join(folder, 'server.key')]
  let cluster: PostgresCluster

  beforeAll(async () => {
    makeCertificate(certificate, key)
    cluster = await startCluster('ssl=on', `ssl_cert_file=${certificate}`, `ssl_key_file=${key}`)
  }, 60_000)
  afterAll(async () => {
    await cluster.remove()
    rmSync(folder, { recursive: true })
  })

  /** Whether TLS was used, as the server sees it; or the reason of a refusal. */
  async function open(host: string, parameters: string): Promise<string> {
    const url = `postgres://postgres@${host}:${cluster.port}/postgres${parameters}`
    const store = openStore(url)
    try {
      await store.ready()
      const used = await runSql(cluster.url, TLS_OF_OURS)
      return used.length > 0 && used.every(({ ssl }) => ssl === true) ? 'encrypted' : 'in the clear'
    } catch (error) {
      const { cause } = error as { readonly cause: Error }
      return cause.message
    } finally {
      await store.close()
    }
  }

  test.each([
    ['localhost', 'sslmode=verify-full', 'encrypted'],
    ['127.0.0.1', 'sslmode=verify-ca', 'encrypted'],
  ])('opens for %s with %s and the certificate to trust', async (host, mode, outcome) => {
    expect(await open(host, `?${mode}&sslrootcert=${certificate}`)).toBe(outcome)
  })

  test('opens in the clear without sslmode', async () => {
    expect(await open('127.0.0.1', '')).toBe('in the clear')
  })

  test('opens without any with sslmode=require', async () => {
    expect(await open('127.0.0.1', '?sslmode=require')).toBe('encrypted')
  })

  test.each([
    [
      '127.0.0.1',
      (file: string) => `?sslmode=verify-full&sslrootcert=${file}`,
      /altnames|not match/,
    ],
    ['localhost', () => '?sslmode=verify-full', /self-signed.*store\.ssl_ca/],
    ['localhost', () => '?sslmode=verify-full&sslrootcert=/nowhere.pem', /no such file/],
  ])('%s is refused, and told why', async (host, parameters, reason) => {
    expect(await open(host, parameters(certificate))).toMatch(reason)
  })
})

function makeCertificate(certificate: string, key: string): void {
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'],
      ...['-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', certificate],
    ],
    { stdio: 'ignore' },
  )
  giveToPostgres(join(certificate, '..'))
  giveToPostgres(key)
  chmodSync(key, 0o600)
}

/** The server runs as another user when root runs the tests. */
function giveToPostgres(path: string): void {
  if (process.getuid?.() !== 0) return
  const id = Number(execFileSync('id', ['-u', 'postgres'], { encoding: 'utf8' }))
  chownSync(path, id, statSync(path).gid)
}
