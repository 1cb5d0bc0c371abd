import type { Server } from 'node:http'
import { isIPv6, type AddressInfo } from 'node:net'

import { CommandError } from './command-error'

/** What Node says when it cannot listen, for people. */
const REASONS: ReadonlyMap<string | undefined, string> = new Map([
  ['EADDRINUSE', 'is in use by another program'],
  ['EACCES', 'may not be opened by this user'],
  ['EADDRNOTAVAIL', 'is not an address of this machine'],
  ['ENOTFOUND', 'is not a host name known here'],
])

export interface Endpoint {
  /** TCP port; 0 picks a free one. */
  readonly port: number
  /** Undefined: all addresses of this machine. */
  readonly host: string | undefined
}

/**
 * Starts to listen.
 *
 * @returns The address, with the real port.
 * @throws {CommandError} The port is taken, or not ours to open.
 */
export async function listenOn(server: Server, { port, host }: Endpoint): Promise<string> {
  await explainRefusal(
    originOf(host, port),
    new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen({ port, host }, resolve)
    }),
  )
  return originOf(host, (server.address() as AddressInfo).port)
}

/** Turns Node's reason not to listen into one for people; leaves other errors as they are. */
export async function explainRefusal<T>(address: string, listening: Promise<T>): Promise<T> {
  try {
    return await listening
  } catch (thrown) {
    const reason = REASONS.get(codeOf(thrown))
    if (reason === undefined) throw thrown
    throw new CommandError(`${address} ${reason}.`, { cause: thrown })
  }
}

/**
 * Listens on the port one would like, or on any that is free when another program has it; says so then.
 *
 * @param listen Rejects as {@link explainRefusal} does.
 */
export async function listenNear<T>(
  port: number,
  listen: (port: number) => Promise<T>,
): Promise<T> {
  try {
    return await listen(port)
  } catch (thrown) {
    if (!(thrown instanceof CommandError) || codeOf(thrown.cause) !== 'EADDRINUSE') throw thrown
    console.log(`${thrown.message} Taking a free port.`)
    return listen(0)
  }
}

function codeOf(thrown: unknown): string | undefined {
  return (thrown as Partial<NodeJS.ErrnoException>).code
}

function originOf(host = 'localhost', port: number): string {
  return `http://${isIPv6(host) ? `[${host}]` : host}:${port}`
}
