import { isFailure } from '../../amazon/outcome'
import { failure, ok, warning, type HostNetworkCheck } from '../check'

/** Nodes and clients may be so far apart without anything being refused. */
const SMALL_SECONDS = 20
/** From here on, signed calls of clients with a right clock are refused. */
const LARGE_SECONDS = 300

/** Whether the clock of this host goes right, by what Amazon's answer says. */
export const clock: HostNetworkCheck = {
  id: 'clock',
  of: 'host-network',
  explains: ['state_expired', 'signature_expired', 'token_invalid'],
  async look({ site, sole, network, now }) {
    const [endpoints] = sole === undefined ? site.allEndpoints() : [site.endpointsOf(sole.app)]
    if (endpoints === undefined) return undefined
    const host = endpoints.token.origin
    const knock = await network.knock(`${host}/`)
    if (isFailure(knock) || knock.dateMs === undefined) return undefined
    const seconds = Math.round((now() - knock.dateMs) / 1000)
    const apart = `the clock of this host is ${Math.abs(seconds)} s ${seconds < 0 ? 'behind' : 'ahead of'} that of ${host}`
    if (Math.abs(seconds) <= SMALL_SECONDS)
      return ok(`the clock of this host agrees with that of ${host}`)
    const fix =
      'Set it by NTP (timedatectl set-ntp true, chrony): tokens and signatures carry the time.'
    return Math.abs(seconds) > LARGE_SECONDS ? failure(apart, fix) : warning(apart, fix)
  },
}
