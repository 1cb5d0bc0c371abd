import { isLoopback } from '../../is-loopback'
import { failure, ok, warning, type AppCheck } from '../check'
import { publicUrlOf } from '../checked-app'
import { returnAddressOf } from '../return-address-of'

/** Amazon sends people to https, or to this machine while one develops. */
export const https: AppCheck = {
  id: 'https',
  of: 'app',
  explains: ['invalid_request'],
  look(checked, around) {
    const { site } = around
    const address = returnAddressOf(checked, around)
    if (address === undefined) return undefined
    const origin = publicUrlOf(checked, site)?.origin
    const url = new URL(address)
    if (url.protocol === 'https:') {
      return url.port === ''
        ? ok('people come back by https', origin)
        : ok(`people come back by https, on port ${url.port}`, origin)
    }
    if (!isLoopback(url)) {
      return failure(
        `people would come back to ${url.origin} by http, which Amazon does not take`,
        'Give public_url an https address. Where a proxy speaks https for this host, public_url is the address of the proxy.',
        origin,
      )
    }
    if (site.env === 'production') {
      return failure(
        `people would come back to ${url.origin}, which is their own machine`,
        'Set public_url to the address that browsers see (env is production).',
        origin,
      )
    }
    if (url.hostname === 'localhost')
      return ok('http on this machine: fine while one develops', origin)
    return warning(
      `people come back to ${url.origin}: of http, Amazon is known to take localhost alone`,
      `Use ${url.origin.replace(url.hostname, 'localhost')} in public_url and in the browser. The emulator takes either.`,
      origin,
    )
  },
}
