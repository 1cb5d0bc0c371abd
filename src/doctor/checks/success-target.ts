import { textSetting } from '../../apps/typed-setting'
import { toUrl } from '../../to-url'
import { findWayBack } from '../back-into-login'
import { failure, ok, warning, type AppCheck, type Finding, type Surroundings } from '../check'
import { publicUrlOf, type CheckedApp } from '../checked-app'

/** A token place that is misspelt: neither `jwt=id` nor `jwt=?`. */
const ODD_PLACE = /[?&#]jwt=(?!(?:id|\?)(?![\p{L}\p{N}]))[^&#]*/iu

const GIVE_TOKEN =
  'Add jwt=id to signin_success, whose page then trades the ID token for a session token; or let it lead to a page of this host.'

const WAYS_BACK = {
  login: (target: string) => `logins end at ${target}, which begins the next one: people go round`,
  logout: (target: string) => `logins end at ${target}, which signs people out again`,
}
const GO_ON = 'Let signin_success lead to a page of the app, such as / or /welcome.'

/** Where a login ends, and whether people are signed in there. */
export const successTarget: AppCheck = {
  id: 'signin_success',
  of: 'app',
  explains: ['return_url_refused'],
  look(checked, around) {
    const { site } = around
    const { app, originOf } = checked
    const target = textSetting(app, 'signin_success') ?? '/'
    const origin = originOf('signin_success') ?? 'default'
    const back = findWayBack(target, checked, around)
    if (back !== undefined) return failure(WAYS_BACK[back](target), GO_ON, origin)
    if (ODD_PLACE.test(target)) return misspelt(target, origin)
    if (site.carriesToken(target)) return ok(`logins end at ${target}, with a token`, origin)
    return byCookie(target, checked, around)
  },
}

function byCookie(target: string, checked: CheckedApp, { site, request }: Surroundings): Finding {
  const { app, originOf } = checked
  const origin = originOf('signin_success') ?? 'default'
  const own = publicUrlOf(checked, site)?.url ?? request?.origin
  const aliases = textSetting(app, 'security.hosturl_aliases')?.split(',') ?? []
  const elsewhere = hostOf(target) === undefined ? aliases : [target, ...aliases]
  const lost = own === undefined ? [] : elsewhere.filter((page) => hostOf(page) !== hostOf(own))
  if (own === undefined || lost.length === 0) {
    return ok(`logins end at ${target}, signed in by a session cookie`, origin)
  }
  return withoutCookie(target, lost, String(hostOf(own)), origin)
}

function misspelt(target: string, origin: string): Finding {
  return warning(
    `${target} asks for a token in a way that is not known, and gets none`,
    'Write jwt=id for an ID token (60 s), or jwt=? for a session token.',
    origin,
  )
}

function withoutCookie(
  target: string,
  lost: readonly string[],
  own: string,
  origin: string,
): Finding {
  const hosts = [...new Set(lost.map(hostOf))].join(', ')
  const what =
    hostOf(target) === undefined ? `${target} on a front end of security.hosturl_aliases` : target
  return warning(
    `logins end at ${what} without a token, and the session cookie belongs to ${own}: at ${hosts} nobody is signed in`,
    GIVE_TOKEN,
    origin,
  )
}

function hostOf(address: string): string | undefined {
  return /^https?:\/\//i.test(address) ? toUrl(address)?.hostname : undefined
}
