import { isLoopback } from '../../is-loopback'
import { textSetting } from '../../apps/typed-setting'
import { toUrl } from '../../to-url'
import { ok, warning, type AppCheck } from '../check'
import { publicUrlOf } from '../checked-app'

/** Where pages with Amazon's JavaScript SDK lie, each to be entered at Amazon. */
export const javascriptOrigins: AppCheck = {
  id: 'javascript_origins',
  of: 'app',
  look(checked, { site, request }) {
    const { app, originOf } = checked
    const aliases = textSetting(app, 'security.hosturl_aliases')?.split(',') ?? []
    const own = publicUrlOf(checked, site)?.url ?? request?.origin
    const target = textSetting(app, 'signin_success')
    const page = target === undefined || target.startsWith('/') ? own : target
    const named = [page, ...aliases].map(originOfPage)
    const origins = [...new Set(named.filter((origin) => origin !== undefined))]
    if (origins.length === 0) return undefined
    const plain = origins.filter(
      (origin) => origin.startsWith('http:') && !isLoopback(new URL(origin)),
    )
    const from = originOf('security.hosturl_aliases') ?? originOf('signin_success')
    if (plain.length > 0) {
      return warning(
        `pages lie at ${plain.join(', ')}, and Amazon's JavaScript SDK works on https alone`,
        'Serve those pages by https, and correct signin_success and security.hosturl_aliases.',
        from,
      )
    }
    return {
      ...ok(origins.join(' '), from),
      fix: "Only where pages use Amazon's JavaScript SDK: enter those that do into Allowed Origins, beside the return address.",
    }
  },
}

function originOfPage(address: string | undefined): string | undefined {
  if (address === undefined || !/^https?:\/\//i.test(address)) return undefined
  return toUrl(address)?.origin
}
