import { InvalidArgumentError } from 'commander'

const MAX_PORT = 65_535

/** Reads a TCP port from the command line; 0 means any that is free. */
export function readPort(argument: string): number {
  const port = /^\d{1,5}$/.test(argument) ? Number(argument) : NaN
  if (port <= MAX_PORT) return port
  throw new InvalidArgumentError(`It must be a whole number from 0 to ${MAX_PORT}.`)
}
