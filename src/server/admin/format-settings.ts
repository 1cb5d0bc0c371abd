import type { SettingValues } from '../../apps/settings'
import { printable } from '../../printable'

/** A line for each setting, by name. */
export function formatSettings(settings: SettingValues): string {
  const entries = Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1))
  return entries.map(([key, value]) => printable(`${key} = ${JSON.stringify(value)}`)).join('\n')
}
