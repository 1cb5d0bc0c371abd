import { randomBytes } from 'node:crypto'

import { Client } from 'pg'

/** A database of its own, for one run. */
export interface Database {
  readonly url: string
  drop(): Promise<void>
}

/** Such as CI and most laptops have it. */
const SERVER = process.env.BENCH_POSTGRES ?? 'postgres://postgres@127.0.0.1:5432/postgres'

/** Makes a database at the server that BENCH_POSTGRES names; undefined: none can be reached. */
export async function openPostgres(): Promise<Database | undefined> {
  const name = `bench_${randomBytes(6).toString('hex')}`
  try {
    await execute(`CREATE DATABASE ${name}`)
  } catch {
    return undefined
  }
  const url = new URL(SERVER)
  url.pathname = `/${name}`
  return { url: url.href, drop: () => execute(`DROP DATABASE ${name} WITH (FORCE)`) }
}

async function execute(sql: string): Promise<void> {
  const client = new Client({ connectionString: SERVER, connectionTimeoutMillis: 2_000 })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
