import { textSetting } from '../../apps/typed-setting'
import { ok, warning, type AppCheck } from '../check'
import { publicUrlOf } from '../checked-app'

/** Whether the session that the host has mounted before the middleware keeps a sign-in. */
export const hostSession: AppCheck = {
  id: 'host_session',
  of: 'app',
  look(checked, { site, request, express }) {
    const own = publicUrlOf(checked, site)?.url ?? request?.origin
    if (request !== undefined && own !== undefined) {
      const target = textSetting(checked.app, 'signin_success') ?? '/'
      const losses = request.lossesAt(target, new URL(own).origin)
      if (losses.length > 0) return losses.map((loss) => warning(...apart(loss)))
    }
    if (express?.session === 'behind') {
      return warning(
        'express-session is mounted behind amazonAuth(): sign-ins are kept in a session of our own, beside it',
        'Mount express-session before amazonAuth() where both are to be one session.',
      )
    }
    if (express?.session === 'before') return ok('sign-ins are kept in the session of the host')
    return undefined
  },
}

/** A sentence on what is wrong, and the rest. */
function apart(text: string): [seen: string, fix: string] {
  const end = text.indexOf('. ')
  return end < 0 ? [text, text] : [text.slice(0, end), text.slice(end + 2)]
}
