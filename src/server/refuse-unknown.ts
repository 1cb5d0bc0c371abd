import type { Command } from 'commander'

import { suggest } from '../suggest'

const HELP = ['-h', '--help']

/**
 * Makes a command and all below it refuse what it does not know, even where help is asked for: commander would show the
 * help of what stands above, and end with 0.
 */
export function refuseUnknown(command: Command): Command {
  command.showHelpAfterError('(--help tells what there is)')
  command.addHelpText('before', () => {
    requireKnown(command)
    return ''
  })
  for (const part of command.commands) refuseUnknown(part)
  return command
}

function requireKnown(command: Command): void {
  const { args } = command
  const option = args.find((arg) => /^-./.test(arg) && !HELP.includes(arg))
  if (option !== undefined) {
    const known = command.options.flatMap(({ short, long }) => [short, long])
    refuse(command, 'option', option, known)
  }
  const name = args[0] === 'help' ? args[1] : args[0]
  const names = command.commands.flatMap((part) => [part.name(), ...part.aliases()])
  if (names.length === 0 || name === undefined || HELP.includes(name)) return
  if (!names.includes(name)) refuse(command, 'command', name, names)
}

function refuse(
  command: Command,
  kind: string,
  name: string,
  known: readonly (string | undefined)[],
): never {
  const meant = suggest(
    name,
    known.filter((one) => one !== undefined),
  )
  const hint = meant === undefined ? '' : `\n(Did you mean ${meant}?)`
  return command.error(`error: unknown ${kind} '${name}'${hint}`)
}
