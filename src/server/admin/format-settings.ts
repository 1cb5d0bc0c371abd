import { settingsFrom } from '../../apps/seal-settings'
import { printable } from '../../printable'
import type { ShownSetting } from './admin-target'
import { formatJson } from './format-json'

/** A line for each setting, by name, with where it stands. Scripts get the values alone. */
export function formatSettings(settings: readonly ShownSetting[], asJson: boolean): string {
  if (asJson) return formatJson(settingsFrom(settings.map(({ name, value }) => [name, value])))
  return settings
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, value, origin }) =>
      printable(`${name.replaceAll('\n', ' ')} = ${JSON.stringify(value)}  # ${origin}`),
    )
    .join('\n')
}
