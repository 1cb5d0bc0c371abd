import { ok, warning, type HostCheck } from '../check'

/** Whose forwarded headers count, as Express has it. */
export const trustProxy: HostCheck = {
  id: 'trust_proxy',
  of: 'host',
  look({ express, site }) {
    if (express === undefined) return undefined
    const { trustProxy: value } = express
    const origin = site.originOf('trust_proxy')
    if (value === true) {
      return warning(
        "Express's trust proxy is true: every visitor may say by X-Forwarded-* who they are and how they came",
        "Name the proxies, or how many there are: app.set('trust proxy', 1).",
        origin,
      )
    }
    if (value === false || value === undefined) {
      return ok('no proxy is trusted: right where browsers connect to this host themselves', origin)
    }
    return ok(
      `Express's trust proxy is ${typeof value === 'function' ? 'a function' : JSON.stringify(value)}`,
      origin,
    )
  },
}
