/** A sentence or two; the address of a page has to hold it. */
const MAX_REASON_CHARACTERS = 200

/**
 * Thrown by a hook, refuses a sign-in for a reason that the person is told: it takes the place of the message in
 * `cause=?`, on the built-in page and in JSON. Anything else that a hook throws is a fault of the hook.
 *
 * @example if (!isStaff(user.email)) throw new SignInRefused('Please use your work account.')
 */
export class SignInRefused extends Error {
  override readonly name = 'SignInRefused'

  /** @param reason What the person reads: plain text on one line, cut at 200 characters. */
  constructor(reason = '') {
    super(oneLine(reason))
  }
}

/** By its name, as there may be two copies of this package in one process, where tests reset their modules. */
export function isSignInRefused(thrown: unknown): thrown is SignInRefused {
  return thrown instanceof Error && thrown.name === 'SignInRefused'
}

/** What the person reads. Whatever has but the name may hold anything. */
export function refusalReason({ message }: { readonly message: unknown }): string {
  return typeof message === 'string' ? oneLine(message) : ''
}

/** What no page and no log would show as it stands: control characters, marks that turn the direction of writing, half characters. */
function oneLine(text: string): string {
  const plain = text.toWellFormed().replace(/[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}\s]+/gu, ' ')
  return Array.from(plain.trim()).slice(0, MAX_REASON_CHARACTERS).join('').trim()
}
