import type { App } from './app'

/** A setting that holds text; absent when it is missing, blank or no text. */
export function textSetting(app: App, name: string): string | undefined {
  const value = app.settings[name]
  return typeof value === 'string' && value.trim() !== '' ? value : undefined
}

/** A setting that is on or off; `fallback` when it is neither. */
export function flagSetting(app: App, name: string, fallback: boolean): boolean {
  const value = app.settings[name]
  if (value === true || value === 'true') return true
  return value === false || value === 'false' ? false : fallback
}

/** A setting that holds a whole number above zero, as a number or in digits; else `fallback`. */
export function countSetting(app: App, name: string, fallback: number): number {
  const value = Number(textSetting(app, name) ?? app.settings[name])
  return Number.isSafeInteger(value) && value > 0 ? value : fallback
}

/** A setting that lists texts, comma-separated or as a JSON array; blanks are dropped. */
export function listSetting(app: App, name: string): readonly string[] {
  const value = app.settings[name]
  const items = typeof value === 'string' ? value.split(',') : Array.isArray(value) ? value : []
  return items
    .filter((item): item is string => typeof item === 'string')
    .map((item) => item.trim())
    .filter((item) => item !== '')
}
