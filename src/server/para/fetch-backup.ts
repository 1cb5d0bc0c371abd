import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

import axios, { isAxiosError } from 'axios'

import { normalizeAppId } from '../../apps/app-id'
import { createSender } from '../../client/create-sender'
import { signRequest } from '../../client/sign-request'
import type { AppKeys } from '../../apps/create-app'
import { CommandError } from '../command-error'

/** How long Para may be silent: a page of a large store takes it a while. */
const SILENCE_MS = 60_000

export interface ParaServer extends AppKeys {
  readonly url: string
}

/**
 * The record of the app whose keys these are, as Para's backup of its root app has it: Para tells it without its secret and
 * settings, which are asked for.
 *
 * @throws {ApiError} Para cannot be reached, or refuses the keys.
 */
export async function fetchOwnApp({ url, ...keys }: ParaServer): Promise<object> {
  const send = createSender({ url, timeoutMs: SILENCE_MS })
  const signed = {
    method: 'GET',
    authorize: (request: Parameters<typeof signRequest>[0]) => signRequest(request, keys),
  } as const
  const app = await send<{ type: string }>({ ...signed, path: ['v1', '_me'] }, ['type'])
  const settings = await send<object>({ ...signed, path: ['v1', '_settings'] })
  return { ...app, settings, secret: keys.secretKey }
}

/**
 * Lays the backup of one app into a file of a folder.
 *
 * @returns The file.
 * @throws {CommandError} Para cannot be reached, refuses it, or ends it before its end.
 */
export async function fetchBackup(
  { url, ...keys }: ParaServer,
  folder: string,
  signal: AbortSignal,
): Promise<string> {
  const address = new URL(`${url.replace(/\/+$/, '')}/v1/_export`)
  const app = normalizeAppId(keys.accessKey)
  const file = join(folder, `${app}.zip`)
  const headers = signRequest({ method: 'GET', url: address, headers: {}, body: undefined }, keys)
  try {
    const { status, data } = await axios.get<Readable>(address.href, {
      headers,
      responseType: 'stream',
      maxRedirects: 0,
      proxy: false,
      validateStatus: () => true,
      timeout: SILENCE_MS,
      signal,
    })
    if (status !== 200) {
      data.destroy()
      throw new CommandError(`app ${app}: ${refusal(status)}`)
    }
    await pipeline(data, createWriteStream(file, { flags: 'wx', mode: 0o600 }), { signal })
    return file
  } catch (thrown) {
    if (thrown instanceof CommandError) throw thrown
    const code = isAxiosError(thrown) ? thrown.code : (thrown as NodeJS.ErrnoException).code
    throw new CommandError(
      `app ${app}: the backup from ${address.host} was cut off or cannot be had (${code ?? 'unknown'}).`,
    )
  }
}

function refusal(status: number): string {
  if (status === 404 || status === 405) {
    return `Para answered ${status}: backups (GET /v1/_export) came with Para 1.38, and need para.api_enabled = true.`
  }
  if (status === 401 || status === 403) {
    return `Para answered ${status}: it refuses these keys, or the app is not active.`
  }
  return `Para answered ${status} in place of a backup.`
}
