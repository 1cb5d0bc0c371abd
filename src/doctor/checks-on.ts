import type { ErrorCode } from '../errors'
import { ALL_CHECKS } from './all-checks'

/**
 * The checks that may tell why a login failed.
 *
 * @param code Of the failed login.
 * @returns Their ids, in the order of reports; none for what is nobody's mistake, such as a person who declines.
 */
export function checksOn(code: ErrorCode): readonly string[] {
  return ALL_CHECKS.filter(({ explains }) => explains?.includes(code)).map(({ id }) => id)
}
