import { failure, ok, warning, type AppCheck, type Finding, type Surroundings } from '../check'
import { publicUrlOf, type PublicUrl } from '../checked-app'
import { returnAddressOf } from '../return-address-of'

const WHERE =
  'Paste it, as it stands, into Allowed Return URLs (Login with Amazon console, your Security Profile, Web Settings): Amazon compares byte for byte.'

/** The exact address to enter at Amazon, and whether that is one that stays. */
export const returnAddress: AppCheck = {
  id: 'return_address',
  of: 'app',
  explains: ['code_rejected', 'state_missing', 'state_mismatch', 'invalid_request'],
  look(checked, around) {
    const { site } = around
    const address = returnAddressOf(checked, around)
    const configured = publicUrlOf(checked, site)
    if (configured === undefined)
      return unknown(address, checked.app.settings['security.strict'] === true, around)
    if (around.isMountUnknown) {
      return warning(
        `${String(address)}, if amazonAuth() is mounted at the root, which is not known before the first request`,
        'Ask with the Express app, auth.doctor({ express: app }) behind app.use(), or after a request, and paste what is told then: Amazon compares byte for byte.',
        configured.origin,
      )
    }
    return twice(configured, around) ?? { ...ok(String(address), configured.origin), fix: WHERE }
  },
}

/** What Amazon wants, the whole return address, is easily taken for what is wanted here. */
function twice({ url, origin }: PublicUrl, { site }: Surroundings): Finding | undefined {
  const path = site.returnAddress('', '')
  const base = url.replace(/\/$/, '')
  if (!base.endsWith(path)) return undefined
  const meant = base.slice(0, -path.length)
  return warning(
    `public_url ends with ${path}, which is put behind it, so that people would come back to ${site.returnAddress(url, '')}`,
    `Set public_url to ${meant}, unless this host does lie below ${base}.`,
    origin,
  )
}

function unknown(address: string | undefined, isStrict: boolean, { site }: Surroundings): Finding {
  const seen =
    address === undefined
      ? 'public_url is not set, so it follows the Host header of each request'
      : `${address} for this request: public_url is not set, so it follows the Host header of each`
  const fix = `Set public_url to the address under which browsers reach this host, such as https://auth.example.com, and enter ${site.returnAddress('https://auth.example.com', '')} at Amazon.`
  return isStrict || site.isStrict
    ? failure(`${seen}, and security.strict believes none but this machine's`, fix)
    : warning(seen, fix)
}
