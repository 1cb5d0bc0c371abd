import { AmazonAuthError } from '../errors'
import type { App } from './app'
import { perApp } from './per-app'
import { textSetting } from './typed-setting'

/** An app's own keys at Login with Amazon. */
export interface ClientCredentials {
  readonly clientId: string
  readonly clientSecret: string
}

/**
 * The app's `az_app_id` and `az_secret`: both, or the app cannot sign anybody in. Never another app's.
 *
 * @throws {AmazonAuthError} `app_not_configured`
 */
export function getClientCredentials(app: App): ClientCredentials {
  const credentials = findClientCredentials(app)
  if (credentials === undefined) throw new AmazonAuthError('app_not_configured', { app: app.id })
  return credentials
}

/** As {@link getClientCredentials}; undefined when it has not both. */
export const findClientCredentials = perApp((app): ClientCredentials | undefined => {
  const clientId = usableKey(app, 'az_app_id')
  const clientSecret = usableKey(app, 'az_secret')
  const hasBoth = clientId !== undefined && clientSecret !== undefined
  return hasBoth ? { clientId, clientSecret } : undefined
})

/**
 * The client ids whose access tokens sign in to the app: its own, and further ones of its Security Profile (`az_client_ids`),
 * as Amazon gives them to mobile apps.
 *
 * @throws {AmazonAuthError} `app_not_configured`
 */
export function getAudiences(app: App): ReadonlySet<string> {
  const { clientId } = getClientCredentials(app)
  return new Set([clientId, ...furtherClientIds(app)])
}

function furtherClientIds(app: App): readonly string[] {
  return textSetting(app, 'az_client_ids')?.split(',') ?? []
}

/** A client that need not have a secret. */
export interface DeviceClient {
  readonly clientId: string
  readonly clientSecret: string | undefined
}

/**
 * The client that the app's devices go by: `az_device_app_id`, since Amazon gives devices one of their own; where the app
 * has none, its `az_app_id`.
 *
 * @throws {AmazonAuthError} `app_not_configured`
 */
export function getDeviceClient(app: App): DeviceClient {
  const own = usableKey(app, 'az_device_app_id')
  if (own === undefined) {
    return { clientId: getClientCredentials(app).clientId, clientSecret: undefined }
  }
  return { clientId: own, clientSecret: usableKey(app, 'az_device_secret') }
}

/**
 * The client of the app that goes by this id, of those that tokens are given to here: its own, or its devices'.
 *
 * @returns Undefined: it has none of this id (any more).
 */
export function findClient(app: App, clientId: string): DeviceClient | undefined {
  const own = findClientCredentials(app)
  if (own?.clientId === clientId) return own
  if (usableKey(app, 'az_device_app_id') !== clientId) return undefined
  return getDeviceClient(app)
}

/** Printable, and no longer than any that Amazon gives out: it goes into addresses and headers. */
const USABLE_KEY = /^[\x20-\x7e]{1,256}$/

type KeyName = `az_${'device_' | ''}${'app_id' | 'secret'}`

function usableKey(app: App, name: KeyName): string | undefined {
  const key = textSetting(app, name)
  return key !== undefined && USABLE_KEY.test(key) ? key : undefined
}
