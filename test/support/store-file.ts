import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import Database from 'libsql'

export type Row = Readonly<Record<string, unknown>>

/** An SQLite file of a test's own, and a look into it as another program has. */
export class StoreFile {
  private readonly folder: string
  readonly file: string
  readonly url: string
  /** Its line of `application.conf`. */
  readonly conf: string

  /** @param parent Folder in which it gets one of its own. */
  constructor(parent = tmpdir()) {
    this.folder = mkdtempSync(join(parent, 'amazon-auth-store-'))
    this.file = join(this.folder, 'store.db')
    this.url = `sqlite:${this.file}`
    this.conf = `para.store.url = "${this.url}"`
  }

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

  /** Opens it for one piece of work. */
  with<T>(work: (database: Database.Database) => T): T {
    const database = this.open()
    try {
      return work(database)
    } finally {
      database.close()
    }
  }

  private open(): Database.Database {
    return new Database(this.file, { timeout: 5000 })
  }
}
