import { isLoopback } from '../../is-loopback'
import { failure, ok, warning, type AppCheck, type Finding, type Surroundings } from '../check'
import { publicUrlOf } from '../checked-app'

/** Whether browsers will take our cookies, and send them back. */
export const cookies: AppCheck = {
  id: 'cookies',
  of: 'app',
  explains: ['state_missing', 'state_mismatch', 'state_expired'],
  look(checked, around) {
    const { site, request } = around
    const configured = publicUrlOf(checked, site)
    const address = configured?.url ?? request?.origin
    if (address === undefined) return undefined
    const url = new URL(address)
    const isSecure = url.protocol === 'https:'
    return (
      prefixed(isSecure, around) ??
      unsafe(url, configured?.origin, around) ??
      fine(isSecure, around)
    )
  },
}

/** Browsers take such a name with Secure alone (RFC 6265bis, section 4.1.3). */
function prefixed(isSecure: boolean, { site }: Surroundings): Finding | undefined {
  const keys = { session: 'session.cookie_name', login: 'session.login_cookie_name' } as const
  for (const kind of ['session', 'login'] as const) {
    const name = site.cookieNames[kind]
    if (isSecure || !/^__(?:Host|Secure)-/i.test(name)) continue
    return failure(
      `the cookie ${name} is sent over http, and browsers drop a name like that`,
      `Serve this host by https (public_url), or leave the prefix out of ${keys[kind]}: over https it is put before the name anyway.`,
      site.originOf(keys[kind]),
    )
  }
  return undefined
}

function unsafe(url: URL, origin: string | undefined, { site }: Surroundings): Finding | undefined {
  if (url.protocol === 'https:' || isLoopback(url)) return undefined
  const level = site.env === 'production' ? failure : warning
  return level(
    'cookies go over http, without Secure: whoever is on the way can read them',
    'Give public_url an https address.',
    origin,
  )
}

function fine(isSecure: boolean, { site }: Surroundings): Finding {
  const { session: name } = site.cookieNames
  const sent = isSecure && !name.startsWith('__') ? `__Host-${name}` : name
  const flags = `HttpOnly, SameSite=Lax${isSecure ? ', Secure' : ''}`
  return ok(`${sent}: ${flags}`, site.originOf('session.cookie_name'))
}
