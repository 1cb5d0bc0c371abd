import { UserIdTakenError } from '../users/user'

/** Whether an error of ours has that code. */
export function hasCode(code: string): (thrown: unknown) => boolean {
  return (thrown) => (thrown as { code?: unknown } | undefined)?.code === code
}

export function isIdTaken(thrown: unknown): boolean {
  return thrown instanceof UserIdTakenError
}
