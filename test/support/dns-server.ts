import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { isIP } from 'node:net'

const TYPES = new Map([
  [1, 'A'],
  [28, 'AAAA'],
])
const NO_SUCH_NAME = 3

/** Addresses of a name; undefined: there is no such name; `silent`: nobody answers. */
type Answer = readonly string[] | 'silent' | undefined

/** A server of names that a test makes up. */
export interface DnsServer {
  /** `<address>:<port>`, as a resolver takes it. */
  readonly address: string
  /** What was asked for, e.g. `A shop.test`. */
  readonly asked: readonly string[]
  close(): Promise<void>
}

/** @param answer Asked anew for each query, which it may count. */
export async function startDnsServer(
  answer: (name: string, type: string) => Answer,
  at: { readonly address?: string; readonly port?: number } = {},
): Promise<DnsServer> {
  const asked: string[] = []
  const socket = createSocket('udp4')
  socket.on('message', (query, { port, address }) => {
    const { name, end } = readName(query)
    const type = TYPES.get(query.readUInt16BE(end)) ?? 'other'
    asked.push(`${type} ${name}`)
    const told = answer(name, type)
    if (told === 'silent') return
    const records = told?.filter((ip) => isIP(ip) === (type === 'A' ? 4 : 6)) ?? []
    socket.send(reply(query.subarray(0, end + 4), told === undefined, records), port, address)
  })
  socket.bind(at.port ?? 0, at.address ?? '127.0.0.1')
  await once(socket, 'listening')
  const { address, port } = socket.address()
  return {
    address: `${address}:${port}`,
    asked,
    async close() {
      socket.close()
      await once(socket, 'close')
    },
  }
}

function readName(query: Buffer): { readonly name: string; readonly end: number } {
  const labels: string[] = []
  let at = 12
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  return { name: labels.join('.').toLowerCase(), end: at + 1 }
}

/** RFC 1035, section 4: the question, and an answer for each address, good for no second. */
function reply(question: Buffer, isMissing: boolean, addresses: readonly string[]): Buffer {
  const header = Buffer.from(question)
  header.writeUInt16BE(0x8180 | (isMissing ? NO_SUCH_NAME : 0), 2)
  header.writeUInt16BE(1, 4)
  header.writeUInt16BE(addresses.length, 6)
  header.writeUInt32BE(0, 8)
  const records = addresses.map((address) => {
    const data = toBytes(address)
    const record = Buffer.alloc(12)
    record.writeUInt16BE(0xc00c, 0)
    record.writeUInt16BE(data.length === 4 ? 1 : 28, 2)
    record.writeUInt16BE(1, 4)
    record.writeUInt16BE(data.length, 10)
    return Buffer.concat([record, data])
  })
  return Buffer.concat([header, ...records])
}

function toBytes(address: string): Buffer {
  if (isIP(address) === 4) return Buffer.from(address.split('.').map(Number))
  const [head = '', tail = ''] = address.split('::')
  const groups = (text: string): string[] => text.split(':').filter((group) => group !== '')
  const missing = 8 - groups(head).length - groups(tail).length
  const all = [...groups(head), ...Array<string>(missing).fill('0'), ...groups(tail)]
  return Buffer.from(all.map((group) => group.padStart(4, '0')).join(''), 'hex')
}
