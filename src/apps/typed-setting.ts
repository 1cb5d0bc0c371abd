import type { App } from './app'

/** A setting that holds text; absent when it is missing or empty. */
export function textSetting({ settings }: App, name: string): string | undefined {
  const value = settings[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A setting that is on or off; `fallback` when it is missing. */
export function flagSetting({ settings }: App, name: string, fallback: boolean): boolean {
  const value = settings[name]
  return typeof value === 'boolean' ? value : fallback
}

/** A setting that holds a whole number above zero; else `fallback`. */
export function countSetting({ settings }: App, name: string, fallback: number): number {
  const value = settings[name]
  return typeof value === 'number' ? value : fallback
}

/** Whether the app, or the configuration for all apps, has turned every safer choice on. */
export function isStrict(
  app: App,
  { policy }: { readonly policy: { readonly strict: boolean } },
): boolean {
  return policy.strict || flagSetting(app, 'security.strict', false)
}
