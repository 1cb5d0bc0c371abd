import { text } from 'node:stream/consumers'

import { jsonOrText, type Json } from '../apps/settings'
import { isSecretSetting } from '../apps/known-settings'
import { askSecret } from './ask-secret'
import { CommandError } from './command-error'

/** Says on the command line: the value comes from standard input, where no list of processes shows it. */
export const FROM_STDIN = '-'

const ONE_INPUT =
  'Standard input holds one value, so - may be given once; a secret key may come by AMAZON_AUTH_SECRET_KEY.'

/** Reads each `key=value`; a value of `-` is read from standard input. */
export async function readAssignments(
  given: readonly string[],
): Promise<readonly (readonly [key: string, value: Json])[]> {
  const assignments: (readonly [string, Json])[] = []
  for (const [key, value] of given.map(readAssignment)) {
    assignments.push([key, value === FROM_STDIN ? await readSetting(key) : value])
  }
  return assignments
}

/** Reads `key=value`, the value as {@link jsonOrText} does. */
function readAssignment(argument: string): readonly [key: string, value: Json] {
  const end = argument.indexOf('=')
  if (end < 1) throw new CommandError(`"${argument}" must have the form key=value.`)
  return [argument.slice(0, end), jsonOrText(argument.slice(end + 1))]
}

/**
 * Reads the text of a setting from standard input to its end; a secret as {@link readSecret} does.
 *
 * @throws {CommandError} Standard input is empty, or has been read already.
 */
export async function readSetting(name: string): Promise<string> {
  if (isSecretSetting(name)) return readSecret(name)
  if (process.stdin.isTTY)
    process.stderr.write(`${name} (ends with Ctrl+D on a line of its own):\n`)
  return requireText(name, await readAll())
}

/**
 * Reads one secret from standard input; on a terminal it asks for it, and does not show what is typed.
 *
 * @param name What it is, for people.
 * @throws {CommandError} It is blank or of several lines, or standard input has been read already.
 */
export async function readSecret(name: string): Promise<string> {
  const given = process.stdin.isTTY ? await askSecret(name) : await readAll()
  const secret = requireText(name, given ?? '')
  if (!/[\r\n]/.test(secret)) return secret
  throw new CommandError(
    `${name}: standard input has several lines, and a secret is one. Nothing was changed.`,
  )
}

async function readAll(): Promise<string> {
  if (process.stdin.readableEnded) throw new CommandError(ONE_INPUT)
  return text(process.stdin)
}

/** Without the white space around it: whatever wrote it has ended its line, in the way of its system. */
function requireText(name: string, given: string): string {
  const trimmed = given.trim()
  if (trimmed !== '') return trimmed
  throw new CommandError(`${name}: nothing came on standard input. Nothing was changed.`)
}
