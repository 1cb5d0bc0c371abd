import type { AppRecord } from './app'

/** An app as clients see it. Holds nothing secret. */
export interface AppJson {
  readonly id: string
  readonly type: 'app'
  readonly plural: 'apps'
  readonly objectURI: string
  /** Name of the root app. */
  readonly appid: string
  /** The app's own name, without `app:`. */
  readonly appIdentifier: string
  readonly name: string
  readonly active: boolean
  /** When the app was made, in milliseconds since 1970. */
  readonly timestamp: number
  /** Last change, in milliseconds since 1970. */
  readonly updated: number
}

export function toAppJson(app: Omit<AppRecord, 'sealedSecret'>, rootId: string): AppJson {
  const id = `app:${app.id}`
  return {
    id,
    type: 'app',
    plural: 'apps',
    objectURI: `/app/${encodeURIComponent(id)}`,
    appid: rootId,
    appIdentifier: app.id,
    name: app.name,
    active: app.active,
    timestamp: app.createdAtMs,
    updated: app.updatedAtMs,
  }
}
