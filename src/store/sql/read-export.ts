import { counted } from '../../counted'
import { SETTING_BOUNDS, settingBytes, tooManySettings } from '../../apps/setting-bounds'
import { MAX_WEBHOOKS } from '../../webhooks/webhook'
import { TextError } from '../read-lines'
import type {
  AppLine,
  EndLine,
  ExportLine,
  HeaderLine,
  SettingLine,
  UserLine,
  WebhookLine,
} from './export-format'
import { mendLine } from './mend-line'
import { ExportLineError, parseExportLine } from './parse-export-line'

export interface Numbered<Line> {
  /** From 1. */
  readonly number: number
  readonly line: Line
  /** Whether something else stands in the file. */
  readonly isMended?: boolean
}

/** An export, piece by piece: the header; of each app the app, then its users in batches; the end. */
export type ExportPart =
  | { readonly kind: 'header'; readonly header: HeaderLine; readonly text: string }
  | ({ readonly kind: 'app' } & AppPart)
  | { readonly kind: 'users'; readonly users: readonly Numbered<UserLine>[] }
  | { readonly kind: 'end' }

export interface AppPart {
  readonly number: number
  readonly app: AppLine
  readonly settings: readonly Numbered<SettingLine>[]
  readonly webhooks: readonly Numbered<WebhookLine>[]
}

/** What is imported is no export, or one that cannot be imported here. */
export class ImportError extends Error {
  override readonly name = 'ImportError'

  /** @param line From 1; undefined: the file as a whole. */
  constructor(
    readonly line: number,
    readonly appId: string | undefined,
    problem: string,
  ) {
    super(`Line ${line}${appId === undefined ? '' : `, app ${appId}`}: ${problem}.`)
  }
}

/** Users in one transaction: some ten milliseconds. */
const BATCH = 500

/**
 * Reads an export and checks each line, and that all lines are there and in their places.
 *
 * @param lines Its lines, from the header on.
 * @throws {ImportError} Of the lines since the last part, none is given out then.
 */
export async function* readExport(lines: AsyncIterable<string>): AsyncGenerator<ExportPart> {
  const reader = new ExportReader()
  try {
    for await (const text of lines) yield* reader.take(text)
  } catch (thrown) {
    throw reader.explain(thrown)
  }
  reader.requireEnd()
}

/** The app whose settings are being read. */
interface Head extends AppPart {
  readonly settings: Numbered<SettingLine>[]
  readonly webhooks: Numbered<WebhookLine>[]
  bytes: number
}

class ExportReader {
  private number = 0
  private header: HeaderLine | undefined
  private app: AppLine | undefined
  private isEnded = false
  private head: Head | undefined
  private batch: Numbered<UserLine>[] = []
  private readonly appIds = new Set<string>()
  private users = 0
  private lastUserId = ''

  explain(thrown: unknown): unknown {
    if (thrown instanceof ExportLineError) {
      return new ImportError(this.number, this.app?.app_id, thrown.message)
    }
    // It was met while the next line was looked for.
    if (thrown instanceof TextError) {
      return new ImportError(this.number + 1, this.app?.app_id, thrown.message)
    }
    return thrown
  }

  *take(text: string): Generator<ExportPart> {
    this.number += 1
    const written = parseExportLine(text)
    const line = mendLine(written)
    this.requirePlace(line)
    switch (line.type) {
      case 'header':
        this.header = line
        yield { kind: 'header', header: line, text }
        return
      case 'app':
        yield* this.flush()
        this.begin(line)
        return
      case 'setting':
        this.addSetting(line)
        return
      case 'webhook':
        this.addWebhook(line)
        return
      case 'user':
        yield* this.addUser(line, line !== written)
        return
      case 'end':
        this.requireAll(line)
        yield* this.flush()
        this.isEnded = true
        yield { kind: 'end' }
    }
  }

  requireEnd(): void {
    if (this.isEnded) return
    const problem =
      'the file ends after this line, and lacks the last one (of type end), so it was cut off: take the whole file'
    throw new ImportError(this.number, this.app?.app_id, problem)
  }

  private addSetting(line: SettingLine): void {
    const { head } = this
    if (head === undefined) {
      throw new ExportLineError('settings stand before the users of their app')
    }
    this.requireSetting(line, head)
    head.settings.push({ number: this.number, line })
    head.bytes += settingBytes(line.name, line.sealed ?? JSON.stringify(line.value))
    // Now, and not when all are read: they lie in memory.
    const { maxCount, maxBytes } = SETTING_BOUNDS
    if (head.settings.length <= maxCount && head.bytes <= maxBytes) return
    throw new ExportLineError(tooManySettings().message.replace(/\.$/, ''))
  }

  private addWebhook(line: WebhookLine): void {
    const { head } = this
    if (head === undefined) {
      throw new ExportLineError('webhooks stand before the users of their app')
    }
    if (head.webhooks.some((other) => other.line.id === line.id)) {
      throw new ExportLineError('the app has this webhook already')
    }
    if (head.webhooks.length === MAX_WEBHOOKS) {
      throw new ExportLineError(`an app has at most ${MAX_WEBHOOKS} webhooks`)
    }
    this.requireSecret('sealed', line.sealed)
    head.webhooks.push({ number: this.number, line })
  }

  private *addUser(line: UserLine, isMended: boolean): Generator<ExportPart> {
    yield* this.flushHead()
    this.batch.push({ number: this.number, line, isMended })
    this.users += 1
    if (this.batch.length === BATCH) yield* this.flush()
  }

  private begin(app: AppLine): void {
    this.app = app
    this.lastUserId = ''
    this.appIds.add(app.app_id)
    this.head = { number: this.number, app, settings: [], webhooks: [], bytes: 0 }
  }

  private *flush(): Generator<ExportPart> {
    yield* this.flushHead()
    const users = this.batch
    this.batch = []
    if (users.length > 0) yield { kind: 'users', users }
  }

  private *flushHead(): Generator<ExportPart> {
    const { head } = this
    this.head = undefined
    if (head === undefined) return
    const { number, app, settings, webhooks } = head
    yield { kind: 'app', number, app, settings, webhooks }
  }

  /** Each line has its place, and what the header promises. */
  private requirePlace(line: ExportLine): void {
    if ((line.type === 'header') !== (this.header === undefined)) {
      throw new ExportLineError('an export begins with its header, and has one')
    }
    if (this.isEnded) throw new ExportLineError('it stands behind the end of the export')
    if (line.type === 'app') this.requireNew(line)
    if ('app_id' in line && line.type !== 'app') this.requireOfApp(line)
  }

  private requireNew({ app_id, sealed_secret }: AppLine): void {
    if (this.appIds.has(app_id))
      throw new ExportLineError(`the app ${app_id} is in this file twice`)
    this.requireSecret('sealed_secret', sealed_secret)
  }

  private requireOfApp(line: SettingLine | WebhookLine | UserLine): void {
    if (line.app_id !== this.app?.app_id) {
      throw new ExportLineError(`it belongs to the app ${line.app_id}, and stands elsewhere`)
    }
    if (line.type === 'user') this.requireUser(line)
  }

  private requireUser({ id, token_secret }: UserLine): void {
    if (id <= this.lastUserId) {
      throw new ExportLineError('users stand in the order of their ids, each of them once')
    }
    this.lastUserId = id
    this.requireSecret('token_secret', token_secret)
  }

  private requireSetting({ name, value, sealed }: SettingLine, head: Head): void {
    if (head.settings.some(({ line }) => line.name === name)) {
      throw new ExportLineError('the app has this setting already')
    }
    if ((value === undefined) === (sealed === undefined)) {
      throw new ExportLineError('a setting has a value, or is sealed')
    }
    if (sealed !== undefined) this.requireSecret('sealed', sealed)
  }

  private requireSecret(field: string, secret: string | undefined): void {
    const isIn = this.header?.secrets === true
    if (isIn === (secret !== undefined)) return
    const problem = isIn ? `${field} is missing, and` : `${field} is there, but`
    throw new ExportLineError(`${problem} the header says that secrets are ${isIn ? '' : 'not '}in`)
  }

  private requireAll({ apps, users }: EndLine): void {
    if (apps === this.appIds.size && users === this.users) return
    throw new ExportLineError(
      `the file had ${counted(apps, 'app')} and ${counted(users, 'user')}, and has ${this.appIds.size} and ${this.users} now: lines are missing`,
    )
  }
}
