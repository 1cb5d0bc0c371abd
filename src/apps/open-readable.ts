import type { Sealer } from '../crypto/sealer'
import type { SettingRecords } from './app'
import { MASK } from './mask-settings'
import { openEach } from './seal-settings'
import type { SettingValues } from './settings'

/** Reads settings back from the store, for people: a secret that no key opens is there, and is told by the mask. */
export function openReadable(
  appId: string,
  records: SettingRecords,
  sealer: Sealer,
): SettingValues {
  return openEach(appId, records, sealer, () => MASK)
}
