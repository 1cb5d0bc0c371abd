import type { App } from '../../src/apps/app'
import type { SettingValues } from '../../src/apps/settings'

/** An app as the directory would give it. */
export function appWith(settings: SettingValues, changes: Partial<App> = {}): App {
  return {
    id: 'acme',
    name: 'Acme',
    isRoot: false,
    active: true,
    secret: 'a-secret-of-at-least-thirty-two-characters',
    settings,
    webhookEvents: undefined,
    createdAtMs: 0,
    updatedAtMs: 0,
    ...changes,
  }
}
