import { text } from 'node:stream/consumers'

import type { Json } from '../apps/settings'
import { CommandError } from './command-error'

/** Says on the command line: the value comes from standard input, where no list of processes shows it. */
export const FROM_STDIN = '-'

const ONE_INPUT =
  'Standard input holds one value, so - may be given once; a secret key may come by AMAZON_AUTH_SECRET_KEY.'

/** The value is JSON; what is not JSON is text: `shop.example` needs no quotes. */
export function readValue(argument: string): Json {
  try {
    return JSON.parse(argument) as Json
  } catch {
    return argument
  }
}

/** Reads `key=value`, the value as {@link readValue} does. */
export function readAssignment(argument: string): readonly [key: string, value: Json] {
  const end = argument.indexOf('=')
  if (end < 1) throw new CommandError(`"${argument}" must have the form key=value.`)
  return [argument.slice(0, end), readValue(argument.slice(end + 1))]
}

/**
 * The secret itself, or standard input to its end when it is `-`.
 *
 * @throws {CommandError} Standard input has been read already.
 */
export async function readSecret(argument: string): Promise<string> {
  if (argument !== FROM_STDIN) return argument
  if (process.stdin.readableEnded) throw new CommandError(ONE_INPUT)
  return (await text(process.stdin)).trim()
}

/** For options that may be given more than once. */
export function collect(argument: string, before: readonly string[] = []): readonly string[] {
  return [...before, argument]
}
