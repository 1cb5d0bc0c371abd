import { MAX_APP_ID_CHARACTERS, normalizeAppId } from '../apps/app-id'
import { randomText, sha256 } from '../crypto/random'
import type { DeviceKey } from './device-login'

const HANDLE = /^(.+)\.([\w-]{43})$/
const HANDLE_BYTES = 32
/** What no handle is longer than. */
const MAX_HANDLE_CHARACTERS = MAX_APP_ID_CHARACTERS + 44

/** A fresh handle: our `device_code`, by which a device asks for its login. It begins with the app, and the rest is random. */
export function createHandle(appId: string): { readonly handle: string; readonly key: DeviceKey } {
  const handle = `${appId}.${randomText(HANDLE_BYTES)}`
  return { handle, key: { appId, handleHash: sha256(handle) } }
}

/** The login that a handle names; undefined: it is none. The store knows handles by their hashes only. */
export function parseHandle(handle: string): DeviceKey | undefined {
  const [, appId = ''] = HANDLE.exec(handle) ?? []
  if (appId === '' || handle.length > MAX_HANDLE_CHARACTERS) return undefined
  return normalizeAppId(appId) === appId ? { appId, handleHash: sha256(handle) } : undefined
}
