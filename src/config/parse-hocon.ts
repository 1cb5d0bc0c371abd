import { existsSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, extname, join, resolve } from 'node:path'

import type { Json } from '../apps/settings'
import { ConfigError } from './config-error'
import { decodeFile } from './decode-file'
import { readFields, type HoconField, type Include } from './hocon-syntax'
import { resolveHocon } from './resolve-hocon'

/** Values of a HOCON text, and where each was set. */
export interface HoconDocument {
  readonly values: Readonly<Record<string, Json>>
  /** `application.conf:12` for a dotted path, or for the nearest object around it; undefined when nothing set it. */
  originOf(path: string): string | undefined
}

export interface HoconSource {
  /** Text to read. Default: the content of `file`. */
  readonly text?: string | undefined
  /** Name for messages; files to include are looked for beside it. Default: `configuration` in the working directory. */
  readonly file?: string | undefined
  /** What `${NAME}` means when the text does not set it. */
  readonly environment: Readonly<Record<string, string | undefined>>
}

const MAX_BYTES = 1024 * 1024
const MAX_INCLUDED_FILES = 64

/**
 * Reads HOCON as the reference implementation does (Lightbend config 1.4).
 *
 * Refused on purpose: including anything but local files, keys such as `__proto__` or `constructor`, more than 1 MiB
 * (included files counted), more than 64 levels. Files to include are looked for beside the file that names them.
 *
 * @throws {ConfigError} With file and line.
 * @see https://github.com/lightbend/config/blob/main/HOCON.md
 */
export function parseHocon(source: HoconSource): HoconDocument {
  const file = source.file ?? 'configuration'
  const fields = new HoconFiles(file).read(source.text ?? readText(file), file)
  const { values, origins } = resolveHocon(fields, source.environment, file)
  const originOf = (path: string): string | undefined => {
    const dot = path.lastIndexOf('.')
    return origins.get(path) ?? (dot < 0 ? undefined : originOf(path.slice(0, dot)))
  }
  return { values, originOf }
}

/** Reads a file and those it includes, within limits. */
class HoconFiles {
  private readonly chain: string[]
  private bytes = 0
  private count = 0

  constructor(file: string) {
    this.chain = [resolve(file)]
  }

  read(text: string, shown: string): readonly HoconField[] {
    this.bytes += Buffer.byteLength(text)
    if (this.bytes > MAX_BYTES) throw unreadable(shown, TOO_LARGE)
    return readFields(text, shown, (...included) => this.include(shown, ...included))
  }

  private include(shown: string, ...[name, isRequired, fail]: Parameters<Include>) {
    if (extname(name) === '.properties') fail('only .conf and .json files can be included')
    const file = findFile(resolve(dirname(shown), name))
    if (file === undefined) {
      return isRequired ? fail(`the file ${JSON.stringify(name)} to include is not there`) : []
    }
    if (this.chain.includes(file)) fail('the file includes itself')
    if (++this.count > MAX_INCLUDED_FILES) fail(`more than ${MAX_INCLUDED_FILES} files`)
    this.chain.push(file)
    const fields = this.read(readText(file), join(dirname(shown), dirname(name), basename(file)))
    this.chain.pop()
    return fields
  }
}

/** A name without extension means `.conf` or `.json`. */
function findFile(path: string): string | undefined {
  const candidates = extname(path) === '' ? [path, `${path}.conf`, `${path}.json`] : [path]
  return candidates.find((candidate) => existsSync(candidate) && statSync(candidate).isFile())
}

const TOO_LARGE = 'is larger than 1 MiB'

function readText(file: string): string {
  try {
    if (statSync(file).size > MAX_BYTES) throw unreadable(file, TOO_LARGE)
    return decode(readFileSync(file), file)
  } catch (thrown) {
    if (thrown instanceof ConfigError) throw thrown
    const { code = 'unknown reason' } = thrown as NodeJS.ErrnoException
    throw unreadable(file, `cannot be read (${code === 'ENOENT' ? 'there is no such file' : code})`)
  }
}

function decode(bytes: Buffer, file: string): string {
  const text = decodeFile(bytes)
  if (typeof text === 'string') return text
  const { line, problem } = text
  throw unreadable(line === undefined ? file : `${file}:${line}`, problem)
}

function unreadable(file: string, problem: string): ConfigError {
  return new ConfigError([{ key: '', origin: file, problem }])
}
