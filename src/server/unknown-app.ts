import { CommandError } from './command-error'

/** A command was given the name of an app that is not in the store. */
export function unknownApp(id: string): CommandError {
  return new CommandError(
    `There is no app ${id}. express-amazon-auth apps list shows those there are.`,
  )
}
