import { rm, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { Incoming, IncomingApp } from '../../store/incoming'
import { abortAtSignal } from '../abort-at-signal'
import { CommandError } from '../command-error'
import type { FoundObject } from '../read-objects'
import { fetchBackup, fetchOwnApp, type ParaServer } from './fetch-backup'
import { ParaObjectError, parseParaObject } from './parse-para-object'
import { readBackup } from './read-backup'

export interface ReadPara {
  readonly files: readonly string[]
  /** Where Para itself runs, if it is to be asked. */
  readonly server: ParaServer | undefined
  /** Para's `jwt_expires_after`, in seconds. */
  readonly tokenSeconds: number | undefined
  /** Whether what cannot be read is told and passed over, rather than the end of it. */
  readonly skipsBad: boolean
  /** Told of what was passed over. */
  readonly onBad: (where: string, problem: string) => void
  /** Told of each object that has no place here. */
  readonly onOther: (type: string) => void
  /** Called now and then with how many objects were read. */
  readonly onProgress: (objects: number) => void
}

const TOLD_EVERY = 1_000

/**
 * All that backups of Para and Para itself tell of apps and users. The keys of Para's root app open all its apps; those of
 * another, that app alone.
 *
 * @throws {CommandError} What cannot be read, and where it stands. {@link ApiError}: Para cannot be reached.
 */
export async function* readPara(options: ReadPara): AsyncGenerator<Incoming> {
  const reader = new ParaReader(options)
  for (const file of options.files) yield* reader.take(readBackup(file))
  if (options.server !== undefined) yield* readServer(options.server, reader, options)
}

async function* readServer(
  server: ParaServer,
  reader: ParaReader,
  options: ReadPara,
): AsyncGenerator<Incoming> {
  const folder = await mkdtemp(join(tmpdir(), 'express-amazon-auth-'))
  const stopped = abortAtSignal()
  try {
    yield* reader.take([{ where: 'GET /v1/_me', value: await fetchOwnApp(server) }])
    const [own] = reader.apps
    yield* reader.take(readBackup(await fetchBackup(server, folder, stopped.signal)))
    const others = reader.apps.filter(({ id }) => id !== own?.id)
    for (const { id, secret = '' } of others) {
      const keys = { ...server, accessKey: `app:${id}`, secretKey: secret }
      try {
        yield* reader.take(readBackup(await fetchBackup(keys, folder, stopped.signal)))
      } catch (thrown) {
        if (!(thrown instanceof CommandError) || !options.skipsBad) throw thrown
        options.onBad(`app ${id}`, thrown.message)
      }
    }
  } finally {
    stopped.release()
    await rm(folder, { recursive: true, force: true })
  }
}

class ParaReader {
  private readonly found = new Map<string, IncomingApp>()
  private objects = 0

  constructor(private readonly options: ReadPara) {}

  /** Those that were met so far. */
  get apps(): readonly IncomingApp[] {
    return Array.from(this.found.values())
  }

  async *take(
    objects: AsyncIterable<FoundObject> | Iterable<FoundObject>,
  ): AsyncGenerator<Incoming> {
    for await (const object of objects) {
      const parsed = this.parse(object)
      this.objects += 1
      if (this.objects % TOLD_EVERY === 0) this.options.onProgress(this.objects)
      if (parsed === undefined) continue
      if (parsed.kind === 'other') {
        this.options.onOther(parsed.type)
        continue
      }
      if (parsed.kind === 'app') this.found.set(parsed.app.id, parsed.app)
      yield parsed
    }
  }

  private parse(object: FoundObject) {
    const { where, problem } = object
    if (problem !== undefined) {
      this.refuse(where, problem)
      return undefined
    }
    try {
      return parseParaObject(object.value, this.options.tokenSeconds)
    } catch (thrown) {
      if (!(thrown instanceof ParaObjectError)) throw thrown
      this.refuse(where, thrown.message)
      return undefined
    }
  }

  private refuse(where: string, problem: string): void {
    if (!this.options.skipsBad) {
      throw new CommandError(
        `${where}: ${problem}. Nothing was changed. Mend it, or go on without it by --on-error skip.`,
      )
    }
    this.options.onBad(where, problem)
  }
}
