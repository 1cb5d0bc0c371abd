import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { open as openFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Readable } from 'node:stream'

import type { Entry, ZipFile } from 'yauzl'

import { loadYauzl } from '../../late-packages'
import { CommandError } from '../command-error'
import { readObjects, type FoundObject } from '../read-objects'

/** Of a local file header (APPNOTE 4.3.7), or of the end of a directory: an archive of nothing. */
const ZIP_BEGINS = ['PK\x03\x04', 'PK\x05\x06']

/**
 * The objects of a backup of Para: a ZIP file whose parts are lists of objects, or one such part, or JSON lines.
 *
 * @throws {CommandError} The file cannot be read, or is no whole ZIP file.
 */
export async function* readBackup(file: string): AsyncGenerator<FoundObject> {
  const name = basename(file)
  if (ZIP_BEGINS.includes(await beginOf(file))) yield* readZip(file, name)
  else yield* readObjects(createReadStream(file), name)
}

async function beginOf(file: string): Promise<string> {
  try {
    const handle = await openFile(file)
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0)
      return buffer.subarray(0, bytesRead).toString('latin1')
    } finally {
      await handle.close()
    }
  } catch (thrown) {
    const { code = 'unknown' } = thrown as Partial<NodeJS.ErrnoException>
    throw new CommandError(`${file} cannot be read (${code}).`)
  }
}

async function* readZip(file: string, name: string): AsyncGenerator<FoundObject> {
  const zip = await open(file)
  try {
    for (let entry = await next(zip, file); entry !== undefined; entry = await next(zip, file)) {
      if (!/\.(json|jsonl|ndjson)$/i.test(entry.fileName)) continue
      const part = `${name}: ${basename(entry.fileName)}`
      try {
        yield* readObjects(await stream(zip, entry), part)
      } catch (thrown) {
        if (!(thrown instanceof Error) || thrown instanceof CommandError) throw thrown
        yield { where: part, problem: `it cannot be unpacked (${thrown.message})` }
      }
    }
  } finally {
    zip.close()
  }
}

function open(file: string): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    // It reads a file's directory first, so one that was cut off is noticed before anything is read of it.
    loadYauzl().open(file, { lazyEntries: true, autoClose: false }, (error, zip) => {
      if (error === null) resolve(zip)
      else reject(damaged(file, error))
    })
  })
}

/** @returns Undefined: there is no more. */
async function next(zip: ZipFile, file: string): Promise<Entry | undefined> {
  const over = new AbortController()
  const { signal } = over
  const found = once(zip, 'entry', { signal }).then(([entry]) => entry as Entry)
  const ended = once(zip, 'end', { signal }).then(() => undefined)
  // Of these two one is left waiting, and is ended.
  for (const each of [found, ended]) each.catch(() => undefined)
  zip.readEntry()
  try {
    return await Promise.race([found, ended])
  } catch (thrown) {
    throw damaged(file, thrown as Error)
  } finally {
    over.abort()
  }
}

function stream(zip: ZipFile, entry: Entry): Promise<Readable> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, opened) => {
      if (error === null) resolve(opened)
      else reject(error)
    })
  })
}

function damaged(file: string, { message }: Error): CommandError {
  return new CommandError(
    `${file} is no whole ZIP file: it was cut off, or changed on its way (${message}). Make the backup again.`,
  )
}
