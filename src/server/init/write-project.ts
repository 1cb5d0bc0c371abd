import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { abortAtSignal } from '../abort-at-signal'
import { CommandError } from '../command-error'

/**
 * Writes files into a folder, which is made where it is not there: all of them, or none.
 *
 * @param folder Absolute path.
 * @param files Texts by path below it.
 * @throws {CommandError} A file is there already, or nothing can be written there.
 */
export function writeProject(folder: string, files: ReadonlyMap<string, string>): void {
  const made: string[] = []
  // Nothing waits here, so a signal meets a project that is whole: without a listener it would end the process at once.
  const signals = abortAtSignal()
  try {
    for (const [path, text] of files) {
      const file = join(folder, path)
      const first = mkdirSync(dirname(file), { recursive: true })
      if (first !== undefined) made.push(first)
      writeFileSync(file, text, { flag: 'wx' })
      made.push(file)
    }
  } catch (thrown) {
    for (const path of made.reverse()) rmSync(path, { recursive: true, force: true })
    throw unusable(folder, thrown)
  } finally {
    signals.release()
  }
}

/**
 * Looks whether names are free in a folder: without regard to case, since on Windows and macOS `readme.md` is `README.md`.
 *
 * @throws {CommandError} Says which are taken.
 */
export function requireRoom(folder: string, names: readonly string[]): void {
  const ours = new Set(names.map((name) => name.toLowerCase()))
  const inTheWay = namesIn(folder).filter((name) => ours.has(name.toLowerCase()))
  if (inTheWay.length === 0) return
  throw new CommandError(
    `Nothing was written: ${folder} holds ${inTheWay.join(', ')} already. Name another folder, or move what is in the way.`,
  )
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return []
    throw unusable(folder, thrown)
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  EROFS: 'it can only be read',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a file stands where a folder should be',
  EEXIST: 'a file of that name is there already',
  ENAMETOOLONG: 'its name is too long',
}

function unusable(folder: string, thrown: unknown): CommandError {
  const code = codeOf(thrown) ?? 'unknown'
  const reason = REASONS[code] ?? 'the system refuses it'
  return new CommandError(`Nothing was written to ${folder}: ${reason} (${code}).`)
}

function codeOf(thrown: unknown): string | undefined {
  return (thrown as Partial<NodeJS.ErrnoException>).code
}
