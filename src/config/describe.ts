import type { Origin } from './config'
import type { LoadedConfig } from './resolve-config'

/** Every key and where its value came from, for people: `para.port: application.conf:12`. Never a value. */
export function describe({ origins }: Pick<LoadedConfig, 'origins'>): readonly string[] {
  return Array.from(origins, ([key, origin]: [string, Origin]) => `${key}: ${origin}`)
}
