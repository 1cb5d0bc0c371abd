import { toldDetails } from '../../../users/placeholders'
import type { User } from '../../../users/user'

/** A user as pages show it: what stands for a name or an email that nobody has told is none. */
export function toShownUser(user: User): User {
  const { name = '', email = '' } = toldDetails(user)
  return { ...user, name, email }
}
