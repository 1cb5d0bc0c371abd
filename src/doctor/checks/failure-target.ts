import { textSetting } from '../../apps/read-setting'
import { ok, type AppCheck } from '../check'

/** Where a login that failed ends, and whether it says why. */
export const failureTarget: AppCheck = {
  id: 'signin_failure',
  of: 'app',
  look({ app, originOf }, { site }) {
    const own = textSetting(app, 'signin_failure')
    const target = own ?? site.signinFailure
    if (target === undefined) return ok('failed logins end on the built-in page', 'default')
    const origin =
      own === undefined ? site.originOf('security.signin_failure') : originOf('signin_failure')
    if (own === undefined || target.includes('cause=?'))
      return ok(`failed logins end at ${target}`, origin)
    return {
      ...ok(`failed logins end at ${target}, and are not told why`, origin),
      fix: 'Put cause=? into signin_failure to have the reason there.',
    }
  },
}
