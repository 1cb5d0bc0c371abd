import { isLoopback } from '../is-loopback'
import { FormatError, isBlank, text, type Format } from '../apps/value-formats'

type Environment = Readonly<Record<string, string | undefined>>

export const FROM_ENVIRONMENT = 'environment'

/** The word `environment`, or the address of a proxy. */
export const outgoingProxy: Format<string> = {
  parse: (value) => (value === FROM_ENVIRONMENT ? value : proxyAddress.parse(value)),
}

/** An address of a proxy, with its scheme. No message holds a piece of it. */
export const proxyAddress: Format<string> = {
  parse(value) {
    const read = text.parse(value).trim()
    const address = read.includes('://') ? read : `http://${read}`
    if (!isProxy(address)) {
      throw new FormatError(
        'must be http://user:password@host:port (or https://…), with signs such as @, / and # percent-encoded in the password',
      )
    }
    return address
  },
}

function isProxy(address: string): boolean {
  try {
    const { protocol, pathname, search, hash, username, password } = new URL(address)
    decodeURIComponent(username + password)
    return /^https?:$/.test(protocol) && pathname === '/' && search === '' && hash === ''
  } catch {
    return false
  }
}

/** A proxy that the environment names for an address. */
export interface NamedProxy {
  readonly variable: string
  readonly address: string
}

/**
 * As curl and others read the environment: `HTTPS_PROXY` unless `NO_PROXY` lists the host, lower case first. Addresses of
 * this machine are asked directly: no proxy could reach them.
 */
export function findNamedProxy(target: string, environment: Environment): NamedProxy | undefined {
  const url = new URL(target)
  const name = `${url.protocol.slice(0, -1)}_proxy`
  const variable = [name, name.toUpperCase()].find((one) => !isBlank(environment[one]))
  const address = variable === undefined ? undefined : environment[variable]
  if (variable === undefined || address === undefined) return undefined
  if (isLoopback(url) || isExempt(url, environment.no_proxy ?? environment.NO_PROXY)) {
    return undefined
  }
  return { variable, address }
}

/** `*`, or hosts, with their subdomains; with a port, of that port alone. */
function isExempt(url: URL, list = ''): boolean {
  const port = url.port || (url.protocol === 'https:' ? '443' : '80')
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => {
      if (entry === '*') return true
      const [, name = '', ofPort = port] = /^(?:\*?\.)?(.+?)(?::(\d+))?$/.exec(entry) ?? []
      const isOf = url.hostname === name || (name !== '' && url.hostname.endsWith(`.${name}`))
      return isOf && ofPort === port
    })
}
