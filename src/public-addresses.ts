import { lookup } from 'node:dns/promises'
import { BlockList, isIP, type LookupFunction } from 'node:net'

/** An address that lies in this machine or in a network of its own: nothing that an app names may lead there. */
export class PrivateAddress extends Error {
  override readonly name = 'PrivateAddress'
  readonly code = 'PRIVATE_ADDRESS'
}

/**
 * What of IANA's special-purpose registries is not reachable from everywhere; of version 6, within 2000::/3. And what a
 * cloud keeps for its own machines though it looks public: services of IBM Cloud, the platform of Azure.
 */
const SPECIAL4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  ...['161.26.0.0/16', '166.8.0.0/14'],
  '168.63.129.16/32',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
]
const SPECIAL = blockList('ipv4', SPECIAL4)
// The first and the third lead to addresses of version 4 (Teredo, 6to4).
const SPECIAL6 = blockList('ipv6', ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'])
/** All of version 6 that is given out so far. What maps addresses of version 4 lies outside. */
const GLOBAL_UNICAST = blockList('ipv6', ['2000::/3'])
/** Leads to the address of version 4 that its last 32 bits are, from networks without version 4 (RFC 6052). */
const NAT64 = blockList('ipv6', ['64:ff9b::/96'])
for (const network of SPECIAL4) {
  const [address = '', bits] = network.split('/')
  SPECIAL6.addSubnet(`64:ff9b::${address}`, 96 + Number(bits), 'ipv6')
}
/** Where machines of clouds find their own credentials: most; Alibaba, Azure, Oracle; Amazon, Google, Scaleway. */
const METADATA4 = ['169.254.0.0/16', '100.100.100.200/32', '168.63.129.16/32', '192.0.0.192/32']
const METADATA = blockList('ipv4', METADATA4)
METADATA.addSubnet('fd00:ec2::', 32, 'ipv6')
METADATA.addAddress('fd20:ce::254', 'ipv6')
METADATA.addAddress('fd00:42::42', 'ipv6')
// What leads to them by addresses of version 6: NAT64, 6to4, and the form that RFC 4291 has given up.
for (const network of METADATA4) {
  const [address = '', bits] = network.split('/')
  METADATA.addSubnet(`64:ff9b::${address}`, 96 + Number(bits), 'ipv6')
  METADATA.addSubnet(`::${address}`, 96 + Number(bits), 'ipv6')
  METADATA.addSubnet(`2002:${inHex(address)}::`, 16 + Number(bits), 'ipv6')
}

/** Whether an IP address is one of the public internet. */
export function isPublicAddress(address: string): boolean {
  const version = isIP(address)
  if (version === 4) return !SPECIAL.check(address, 'ipv4')
  if (version !== 6 || address.includes('%')) return false
  const isGiven = GLOBAL_UNICAST.check(address, 'ipv6') || NAT64.check(address, 'ipv6')
  return isGiven && !SPECIAL6.check(address, 'ipv6')
}

/** Whether it may be asked for by somebody who runs this host: nobody has a page where clouds keep credentials. */
export function isNoMetadataAddress(address: string): boolean {
  const [plain = ''] = address.split('%', 1)
  return isIP(plain) !== 0 && !METADATA.check(plain, isIP(plain) === 4 ? 'ipv4' : 'ipv6')
}

/** All addresses of a name; rejects where there are none. */
export type LookUp = (name: string) => Promise<readonly string[]>

/** As this machine looks names up, for all that it connects to. */
const lookUpHere: LookUp = async (name) =>
  (await lookup(name, { all: true })).map(({ address }) => address)

/**
 * Looks names up for a connection, and lets none pass that has an address which must not be asked. What is looked at is what
 * is connected to, so a name that changes its address meanwhile (DNS rebinding) gains nothing.
 *
 * @param isAllowed Of an IP address.
 */
export function guardedLookup(
  isAllowed: (address: string) => boolean,
  lookUp: LookUp = lookUpHere,
): LookupFunction {
  async function find(hostname: string) {
    const addresses = await lookUp(hostname)
    if (!addresses.every(isAllowed)) throw new PrivateAddress(hostname)
    return addresses.map((address) => ({ address, family: isIP(address) }))
  }
  return (hostname, options, callback) => {
    find(hostname).then(
      (found) => {
        if (options.all === true) callback(null, found)
        else callback(null, found[0]?.address ?? '', found[0]?.family)
      },
      (error: unknown) => callback(error as NodeJS.ErrnoException, ''),
    )
  }
}

/**
 * Whether a host may be asked, as far as it is an address in numbers: nobody looks those up. URL has turned every notation
 * of them into one.
 */
export function mayAskHost(hostname: string, isAllowed: (address: string) => boolean): boolean {
  const address = hostname.replace(/^\[(.*)\]$/, '$1')
  return isIP(address) === 0 || isAllowed(address)
}

/** Networks by the names that Express has for them. */
const NAMED_NETWORKS: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  linklocal: ['169.254.0.0/16', 'fe80::/10'],
  uniquelocal: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
}

/**
 * Which addresses may be asked: those of the public internet, and of networks that whoever runs this host has named. Where
 * clouds keep credentials, never.
 *
 * @param networks Addresses, networks such as `10.0.0.0/8`, or `loopback`, `linklocal`, `uniquelocal`.
 */
export function publicAnd(networks: readonly string[]): (address: string) => boolean {
  const named = new BlockList()
  for (const network of networks.flatMap((name) => NAMED_NETWORKS[name] ?? [name])) {
    const [address = '', bits] = network.split('/')
    const version = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (bits === undefined) named.addAddress(address, version)
    else named.addSubnet(address, Number(bits), version)
  }
  return (address) => {
    if (isPublicAddress(address)) return true
    if (!isNoMetadataAddress(address)) return false
    const [plain = ''] = address.split('%', 1)
    return named.check(plain, isIP(plain) === 6 ? 'ipv6' : 'ipv4')
  }
}

function blockList(version: 'ipv4' | 'ipv6', networks: readonly string[]): BlockList {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', bits] = network.split('/')
    list.addSubnet(address, Number(bits), version)
  }
  return list
}

function inHex(address: string): string {
  const hex = Buffer.from(address.split('.').map(Number)).toString('hex')
  return `${hex.slice(0, 4)}:${hex.slice(4)}`
}
