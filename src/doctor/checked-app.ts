import type { App } from '../apps/app'
import { textSetting } from '../apps/typed-setting'
import { settingsInForce } from '../apps/settings-in-force'
import { NO_REMARKS, type SettingsReview } from '../apps/review-settings'
import type { Site } from './site'

/** An app, with where its settings stand. */
export interface CheckedApp {
  readonly app: App
  /** Stored settings that should be told of. */
  readonly review: SettingsReview
  /** Whether the store has it; undefined: that could not be looked at. */
  readonly isStored: boolean | undefined
  /** Where the value in force of a setting stands; undefined: nobody has set it. */
  readonly originOf: (setting: string) => string | undefined
}

export const STORED = 'stored setting'

/** @throws {AmazonAuthError} `store_unavailable` */
export async function readCheckedApp(app: App, site: Site): Promise<CheckedApp> {
  const stored = await site.apps.findStored(app.id)
  // What of it cannot be used makes way for the configuration.
  const { settings } = settingsInForce(stored?.settings ?? {})
  return {
    app,
    review: stored?.review ?? NO_REMARKS,
    isStored: stored !== undefined || ((await site.store.isOpen()) ? false : undefined),
    originOf: (setting) =>
      settings[setting] === undefined ? site.originOfSetting(app.id, setting) : STORED,
  }
}

/** A public address in force for an app, and where it stands. */
export interface PublicUrl {
  readonly url: string
  readonly origin: string | undefined
}

/** Undefined: none is configured. */
export function publicUrlOf({ app, originOf }: CheckedApp, site: Site): PublicUrl | undefined {
  const own = textSetting(app, 'public_url')
  if (own !== undefined) return { url: own, origin: originOf('public_url') }
  const { publicUrl: url } = site
  return url === undefined ? undefined : { url, origin: site.originOf('public_url') }
}
