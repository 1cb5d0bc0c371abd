import type { Config } from '../config/config'
import { createSealer } from '../crypto/sealer'
import { createDeviceLogins, type DeviceLogins } from '../devices/device-logins'
import { loggedFacts } from '../errors'
import { createRateLimit } from '../http/limits/rate-limit'
import type { Stores } from './compose-stores'
import type { Parts } from './parts'

/** Logins of devices, kept in the store and sealed for as long as they wait. */
export function composeDevices(
  { limits }: Pick<Config, 'limits'>,
  { store, masterKeys }: Pick<Stores, 'store' | 'masterKeys'>,
  { logger, now = Date.now }: Parts,
): DeviceLogins {
  const { openDevicesPerApp: perApp, openDevicesPerAddress: perAddress } = limits
  const told = createRateLimit(1, now)
  return createDeviceLogins({
    store: store.devices,
    sealer: createSealer(masterKeys, 'logins of devices'),
    bounds: { perApp, perAddress },
    onTrouble: (app, error) => logger.warn({ app, ...loggedFacts(error) }, TRIED_AGAIN),
    // Once a minute for an app: who is refused comes again.
    onFull: (app) =>
      told.count(app, () => logger.warn({ app, reason: FULL, advice: SEE }, REFUSED)),
    now,
  })
}

const TRIED_AGAIN = 'a device was not told how its sign-in stands: it is tried again'
const FULL = 'as many codes wait as may, of this app or of one address'
const SEE = 'See limits.open_devices_per_app and limits.open_devices_per_address.'
const REFUSED = 'a device has got no code'
