import type { Config } from '../config/config'
import { createSealer } from '../crypto/sealer'
import { createDeviceLogins, type DeviceLogins } from '../devices/device-logins'
import type { Stores } from './compose-stores'
import type { Parts } from './parts'

/** Logins of devices, kept in the store and sealed for as long as they wait. */
export function composeDevices(
  { limits }: Pick<Config, 'limits'>,
  { sql, masterKeys }: Pick<Stores, 'sql' | 'masterKeys'>,
  { logger, now = Date.now }: Parts,
): DeviceLogins {
  return createDeviceLogins({
    store: sql.devices,
    sealer: createSealer(masterKeys, 'logins of devices'),
    bounds: { perApp: limits.openDevicesPerApp, perAddress: limits.openDevicesPerAddress },
    onTrouble: (app, { code, facts, advice, cause }) =>
      logger.warn(
        { app, code, ...facts, advice, ...(cause !== undefined && { cause }) },
        'a device was not told how its sign-in stands: it is tried again',
      ),
    now,
  })
}
