import type { AppKeys } from '../../apps/create-app'
import { sha256 } from '../../crypto/random'
import type { Sealer } from '../../crypto/sealer'
import { BITE_ROWS } from '../start-purge'
import { defineQuery } from './define-query'
import type { HeaderLine, UserLine } from './export-format'
import { findLiveApp, type StoredApp } from './find-live-app'
import { createMarks, deleteMarks, findMark, MARKS_TABLE, type ImportMark } from './import-marks'
import { APPS_TABLE, SETTINGS_TABLE, USERS_TABLE } from './moved-tables'
import { ImportError, type AppPart, type ExportPart, type Numbered } from './read-export'
import { importWebhooks } from './import-webhooks'
import { sealImported, toUserRow } from './seal-imported'
import { deleteSetting, deleteSomeUsers } from './sql-app-store'
import { ConstraintError, type SqlExecutor } from './sql-executor'
import { sqlSealingKeyStore } from './sql-sealing-key-store'

/** What to do with an app that is in the store already. */
export type Existing = 'fail' | 'skip' | 'replace'

export interface Import {
  readonly to: SqlExecutor
  /** As readExport gives them. */
  readonly parts: AsyncIterable<ExportPart>
  readonly existing: Existing
  /** The sealer of the store. Asked for once the header has told whether sealed texts come. */
  readonly openSealer: (header: HeaderLine) => Promise<Sealer>
  /** Where its keys come from, for people. */
  readonly keySource: string
  /** The secret of an app that is configured, and so not made. */
  readonly configuredSecret: (appId: string) => string | undefined
  /** Called after each app, whether it was imported or not. */
  readonly onApp: (report: AppReport) => void
  /** Called after each batch: users done, and users in all. */
  readonly onProgress: (done: number, total: number) => void
}

export interface AppReport {
  readonly app: string
  /** `kept`: it was in the store already. `done`: an earlier run with this file, which was cut off, has imported it. */
  readonly outcome: 'added' | 'replaced' | 'kept' | 'done'
  readonly users: number
  /** Of these, whose times or picture could not be taken as they are; absent: none. */
  readonly mended?: number
  /** Of an app whose secret was not in the file and has been made: to be shown once. */
  readonly keys?: AppKeys
  /** Whether Amazon's client id was in the file and its secret, which goes with it, is not in the store. */
  readonly lacksAmazonSecret: boolean
}

/** An app whose users are being imported, or passed over. */
interface Current {
  readonly part: AppPart
  readonly report: Omit<AppReport, 'users' | 'mended'>
  /** Undefined: it is passed over. */
  readonly mark: ImportMark | undefined
  users: number
  mended: number
}

const setActive = defineQuery((db, params: { appId: string; active: number }) =>
  db.updateTable('apps').set({ active: params.active }).where('app_id', '=', params.appId),
)

/**
 * Imports an export. An app with its settings is written in one transaction, switched off; then its users, in batches; then
 * it is switched on, if it was on. Cut off, the next import of the same file passes over the apps that are done, and
 * begins anew with the one that is not.
 *
 * @throws {ImportError} What stands before that line stays imported; the app that it is in stays switched off.
 * @throws {AmazonAuthError} `secret_unreadable`, `store_unavailable`
 */
export async function importApps(options: Import): Promise<void> {
  let importer: Importer | undefined
  for await (const part of options.parts) {
    if (part.kind === 'header') {
      await options.to.write([createMarks])
      const sealer = await options.openSealer(part.header)
      importer = new Importer(options, sealer, part.header, sha256(part.text))
    }
    if (part.kind === 'app') await importer?.begin(part)
    if (part.kind === 'users') await importer?.addUsers(part.users)
    if (part.kind === 'end') await importer?.end()
  }
}

class Importer {
  private current: Current | undefined
  private users = 0
  private finishedApps = 0

  constructor(
    private readonly options: Import,
    private readonly sealer: Sealer,
    private readonly header: HeaderLine,
    /** Names the file. */
    private readonly source: string,
  ) {}

  async begin(part: AppPart): Promise<void> {
    await this.finish()
    const { app_id: app } = part.app
    const there = await findLiveApp(this.options.to, app)
    const mark = there && (await this.findMark(there))
    if (mark?.done === 1 && mark.source === this.source) {
      this.passOver(part, 'done')
      return
    }
    if (there !== undefined && mark?.done !== 0) {
      if (this.options.existing === 'fail') throw this.isThere(part)
      if (this.options.existing === 'skip') {
        this.passOver(part, 'kept')
        return
      }
    }
    const isKept = there !== undefined && (mark?.done !== 0 || mark.replaces === 1)
    await this.write(part, there, isKept)
  }

  async addUsers(users: readonly Numbered<UserLine>[]): Promise<void> {
    const { current } = this
    if (current === undefined) return
    if (current.mark !== undefined) await this.put(users)
    current.users += users.length
    current.mended += users.filter(({ isMended }) => isMended).length
    this.users += users.length
    this.options.onProgress(this.users, Math.max(this.users, this.header.users))
  }

  async end(): Promise<void> {
    await this.finish()
    await this.options.to.write([deleteMarks({ source: this.source })])
  }

  private isThere({ number, app }: AppPart): ImportError {
    const before = this.finishedApps === 0 ? '' : '. The apps before it are imported'
    return new ImportError(number, app.app_id, IS_THERE + before)
  }

  /** An app that was made after the mark, under the same name, is another. */
  private async findMark({ app }: StoredApp): Promise<ImportMark | undefined> {
    const [mark] = await this.options.to.read(findMark({ appId: app.id }))
    return mark?.created_at === app.createdAtMs ? mark : undefined
  }

  private passOver(part: AppPart, outcome: 'kept' | 'done'): void {
    const report = { app: part.app.app_id, outcome, lacksAmazonSecret: false }
    this.current = { part, report, mark: undefined, users: 0, mended: 0 }
  }

  /** @param isReplaced Whether what is there was there before any import of this app began. */
  private async write(
    part: AppPart,
    there: StoredApp | undefined,
    isReplaced: boolean,
  ): Promise<void> {
    const { app_id, name, created_at, updated_at } = part.app
    const { to, configuredSecret, keySource } = this.options
    const secrets = sealImported(part, {
      sealer: this.sealer,
      keySource,
      kept: isReplaced ? there : undefined,
      configuredSecret: configuredSecret(app_id),
    })
    const webhooks = await importWebhooks(part, to, { sealer: this.sealer, keySource })
    await this.noteKeys([...secrets.sealedWith, ...webhooks.sealedWith])
    const mark = {
      app_id,
      source: this.source,
      created_at,
      replaces: Number(isReplaced),
      done: 0,
    }
    const { sealedSecret: sealed_secret, settings } = secrets
    const old = Array.from(there?.settings.keys() ?? []).filter((setting) => !settings.has(setting))
    await to.write([
      APPS_TABLE.put({ app_id, name, active: 0, sealed_secret, created_at, updated_at }),
      ...old.map((setting) => deleteSetting({ id: app_id, name: setting })),
      ...Array.from(settings, ([setting, value]) =>
        SETTINGS_TABLE.put({ app_id, name: setting, value }),
      ),
      ...webhooks.statements,
      MARKS_TABLE.put(mark),
    ])
    if (there !== undefined) await this.removeUsers(app_id)
    const report = {
      app: app_id,
      outcome: isReplaced ? ('replaced' as const) : ('added' as const),
      ...(secrets.keys && { keys: secrets.keys }),
      lacksAmazonSecret: settings.has('az_app_id') && !settings.has('az_secret'),
    }
    this.current = { part, report, mark, users: 0, mended: 0 }
  }

  /** A start without one of these keys is to stop. */
  private async noteKeys(sealedWith: readonly string[]): Promise<void> {
    const keys = sqlSealingKeyStore(this.options.to)
    const noted = await keys.list()
    for (const id of new Set(sealedWith)) if (!noted.includes(id)) await keys.add(id)
  }

  private async removeUsers(id: string): Promise<void> {
    const { to } = this.options
    for (;;) {
      const [users] = await to.write([deleteSomeUsers({ id, limit: BITE_ROWS })])
      if (users.length < BITE_ROWS) return
    }
  }

  private async put(users: readonly Numbered<UserLine>[]): Promise<void> {
    const { to } = this.options
    try {
      await to.write(users.map(({ line }) => USERS_TABLE.put(toUserRow(line))))
    } catch (thrown) {
      if (!(thrown instanceof ConstraintError)) throw thrown
      for (const user of users) await this.putOne(user)
    }
  }

  /** Finds the line that a constraint stands against. */
  private async putOne({ number, line }: Numbered<UserLine>): Promise<void> {
    try {
      await this.options.to.write([USERS_TABLE.put(toUserRow(line))])
    } catch (thrown) {
      if (!(thrown instanceof ConstraintError)) throw thrown
      const problem =
        thrown.constraint === 'unique'
          ? `another user of this app has the identifier of the user ${line.id}`
          : 'the app was deleted while it was imported'
      throw new ImportError(number, line.app_id, problem)
    }
  }

  private async finish(): Promise<void> {
    const { current } = this
    this.current = undefined
    if (current === undefined) return
    const { part, mark, report, users, mended } = current
    // Shown before it is in force: cut off in between, the next run makes and shows another.
    this.options.onApp({ ...report, users, ...(mended > 0 && mark !== undefined && { mended }) })
    this.finishedApps += 1
    if (mark === undefined) return
    await this.options.to.write([
      setActive({ appId: mark.app_id, active: Number(part.app.active) }),
      MARKS_TABLE.put({ ...mark, done: 1 }),
    ])
  }
}

const IS_THERE =
  'the store has this app already; choose --existing skip to keep it as it is, or replace to put that of the file in its ' +
  'place'
