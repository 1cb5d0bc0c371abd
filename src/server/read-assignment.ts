import { jsonOrText } from '../apps/json-or-text'
import type { Json } from '../apps/settings'
import { CommandError } from './command-error'

/** Reads `key=value`, the value as {@link jsonOrText} does. */
export function readAssignment(argument: string): readonly [key: string, value: Json] {
  const end = argument.indexOf('=')
  if (end < 1) throw new CommandError(`"${argument}" must have the form key=value.`)
  return [argument.slice(0, end), jsonOrText(argument.slice(end + 1))]
}

/** For options that may be given more than once. */
export function collect(argument: string, before: readonly string[] = []): readonly string[] {
  return [...before, argument]
}
