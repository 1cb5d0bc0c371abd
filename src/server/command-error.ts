/** A command cannot do what it was asked, for a reason that the message tells in full. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
}
