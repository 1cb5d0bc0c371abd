/** A command cannot do what it was asked, for a reason that the message tells in full. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
}

/** A command was given the name of an app that is not in the store. */
export function unknownApp(id: string): CommandError {
  return new CommandError(
    `There is no app ${id}. express-amazon-auth apps list shows those there are, apps create ${id} makes it.`,
  )
}
