import { createWriteStream, fstatSync, type Stats } from 'node:fs'
import { lstat, realpath, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

import { randomText } from '../crypto/random'
import { abortAtSignal } from './abort-at-signal'
import { CommandError } from './command-error'

/** Says on the command line: standard input, or standard output. */
export const STANDARD_STREAM = '-'

/** Where a command lays what it was asked for. */
export interface Output {
  /** Absolute path of a file, links followed; undefined: it is a stream or a device. */
  readonly file: string | undefined
  readonly isStandardOutput: boolean
  /** Takes the text to its end. A file is whole, or is what it was before. */
  write(text: Readable): Promise<void>
}

const OWNER_ALONE = 0o600
const DRAFT_BYTES = 6

/**
 * Looks where `--out` leads, and writes nothing yet. What is standard output by another name is written as such, and
 * pipes and devices as they are.
 *
 * @param mayReplace Whether a file that is there may be replaced (`--force`).
 * @throws {CommandError} Nothing can be written there, or a file is there and stays.
 */
export async function openOutput(out: string, mayReplace: boolean): Promise<Output> {
  if (out === STANDARD_STREAM) return streamOutput(process.stdout)
  const there = await look(out)
  if (isStandardOutput(there)) return streamOutput(process.stdout)
  if (there?.isDirectory() === true) {
    throw new CommandError(`--out: ${out} is a directory: name a file in it.`)
  }
  if (there?.isFile() === false) return streamOutput(createWriteStream(out))
  if (there !== undefined && !mayReplace) throw isThere(out)
  return fileOutput(there === undefined ? await locateNew(out) : await realpath(out), mayReplace)
}

/** Written beside and renamed: a failure, a full disk or a second reader never meets half a file. */
function fileOutput(file: string, mayReplace: boolean): Output {
  return {
    file,
    isStandardOutput: false,
    async write(text) {
      const draft = `${file}.${randomText(DRAFT_BYTES)}.part`
      const stopped = abortAtSignal()
      try {
        const options = { flags: 'wx', mode: OWNER_ALONE, flush: true }
        await pipeline(text, createWriteStream(draft, options), { signal: stopped.signal })
        // Another may have come meanwhile.
        if (!mayReplace && (await look(file)) !== undefined) throw isThere(file)
        await rename(draft, file)
      } finally {
        stopped.release()
        await rm(draft, { force: true })
      }
    },
  }
}

function streamOutput(stream: Writable): Output {
  const isStandardOutput = stream === process.stdout
  return {
    file: undefined,
    isStandardOutput,
    // Standard output is not ours to end: a failure to read the text would be told as one to write it.
    write: (text) => pipeline(text, stream, { end: !isStandardOutput }),
  }
}

/** What is at a path, links followed; undefined: nothing. */
async function look(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path)
  } catch (thrown) {
    if (codeOf(thrown) !== 'ENOENT') throw unusable(path, thrown)
  }
  const link = await lstat(path).catch(() => undefined)
  if (link === undefined) return undefined
  throw new CommandError(`--out: ${path} is a link that leads nowhere.`)
}

async function locateNew(path: string): Promise<string> {
  try {
    return join(await realpath(dirname(path)), basename(path))
  } catch {
    throw new CommandError(`--out: there is no directory ${dirname(path)}.`)
  }
}

/** `/dev/stdout`, or the very file that standard output was sent to. */
function isStandardOutput(there: Stats | undefined): boolean {
  const ours = fstatSync(process.stdout.fd)
  return there?.dev === ours.dev && there.ino === ours.ino
}

function isThere(path: string): CommandError {
  return new CommandError(
    `--out: ${path} is there already, and stays as it is. Name another file, or replace it with --force.`,
  )
}

function unusable(path: string, thrown: unknown): CommandError {
  return new CommandError(`--out: ${path} cannot be used (${codeOf(thrown) ?? 'unknown'}).`)
}

function codeOf(thrown: unknown): string | undefined {
  return (thrown as Partial<NodeJS.ErrnoException>).code
}
