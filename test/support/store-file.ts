import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import Database from 'libsql'

export type Row = Readonly<Record<string, unknown>>

/** An SQLite file of a test's own, and a look into it as another program has. */
export class StoreFile {
  private readonly folder = mkdtempSync(join(tmpdir(), 'amazon-auth-store-'))
  readonly url = `sqlite:${join(this.folder, 'store.db')}`
  /** Its line of `application.conf`. */
  readonly conf = `para.store.url = "${this.url}"`

  rows(sql: string, ...values: unknown[]): Row[] {
    return this.with((database) => database.prepare(sql).all(values) as Row[])
  }

  run(sql: string, ...values: unknown[]): void {
    this.with((database) => database.prepare(sql).run(values))
  }

  /** All that lies in these tables: what a refused call must leave as it is. */
  dump(...tables: readonly string[]): string {
    return JSON.stringify(tables.map((table) => this.rows(`SELECT * FROM ${table} ORDER BY 1, 2`)))
  }

  /** Keeps everybody from writing while `work` runs. */
  async locked<T>(work: () => Promise<T>): Promise<T> {
    const database = this.open()
    try {
      database.exec('BEGIN IMMEDIATE')
      return await work()
    } finally {
      database.exec('ROLLBACK')
      database.close()
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true })
  }

  private with<T>(work: (database: Database.Database) => T): T {
    const database = this.open()
    try {
      return work(database)
    } finally {
      database.close()
    }
  }

  private open(): Database.Database {
    return new Database(join(this.folder, 'store.db'), { timeout: 5000 })
  }
}
