import { textSetting } from '../../apps/typed-setting'
import { findWayBack } from '../back-into-login'
import { failure, ok, type AppCheck } from '../check'

/** Where a login that failed ends, and whether it says why. */
export const failureTarget: AppCheck = {
  id: 'signin_failure',
  of: 'app',
  look(checked, around) {
    const { app, originOf } = checked
    const { site } = around
    const own = textSetting(app, 'signin_failure')
    const target = own ?? site.signinFailure
    if (target === undefined) return ok('failed logins end on the built-in page', 'default')
    const origin =
      own === undefined ? site.originOf('security.signin_failure') : originOf('signin_failure')
    if (findWayBack(target, checked, around) === 'login') {
      return failure(
        `failed logins end at ${target}, which begins the next one: people go round where it fails again`,
        'Let signin_failure lead to a page that begins no login by itself, or leave it out: there is a built-in page.',
        origin,
      )
    }
    if (own === undefined || target.includes('cause=?'))
      return ok(`failed logins end at ${target}`, origin)
    return {
      ...ok(`failed logins end at ${target}, and are not told why`, origin),
      fix: 'Put cause=? into signin_failure to have the reason there.',
    }
  },
}
