import { ok, warning, type Finding, type HostCheck } from '../check'
import type { Site } from '../site'

const SHORT_ANSWER_MS = 500
const SHORT_ID_TOKEN_SECONDS = 5
/** What a session token is good for at least, if anybody is to do something by it. */
export const SHORT_SESSION_SECONDS = 60
const FEW_FAILURES = 10

/** Values of the configuration that can be used, and will most likely do what nobody wants. */
export const oddValues: HostCheck = {
  id: 'odd_values',
  of: 'host',
  look({ site }) {
    const found = [...findShort(site), idle(site), revoked(site)].filter(
      (finding) => finding !== undefined,
    )
    return found.length > 0 ? found : ok('times and limits of the configuration are in reason')
  },
}

function findShort(site: Site): readonly (Finding | undefined)[] {
  const { answerMs, idTokenSeconds, sessionTokenSeconds, failuresPerMinute } = site.figures
  const told = (isOdd: boolean, key: string, seen: string, fix: string): Finding | undefined =>
    isOdd ? warning(`${key} is ${seen}`, fix, site.originOf(key)) : undefined
  return [
    told(
      answerMs < SHORT_ANSWER_MS,
      'amazon.timeout',
      `${answerMs} ms: answers of Amazon often take longer, and logins fail then`,
      'Give it seconds, as 5s (a bare number counts milliseconds).',
    ),
    told(
      idTokenSeconds < SHORT_ID_TOKEN_SECONDS,
      'id_token_expires_after',
      `${idTokenSeconds} s: on a slow phone it is over before the page has traded it`,
      'Leave it out (60 s), or give it 30 s or more.',
    ),
    told(
      sessionTokenSeconds < SHORT_SESSION_SECONDS,
      'jwt_expires_after',
      `${sessionTokenSeconds} s: people are signed out at once`,
      'Give it minutes or hours, as 12 hours (a bare number counts seconds).',
    ),
    told(
      failuresPerMinute > 0 && failuresPerMinute < FEW_FAILURES,
      'limits.failures_per_minute',
      `${failuresPerMinute}: all people behind one address, as of an office or a mobile network, share it`,
      'Give it 100 or more, or leave it out (1000); 0 is no limit.',
    ),
  ]
}

/** Whoever shortens the one alone is told nothing: the default of the other one is long. */
function idle(site: Site): Finding | undefined {
  const { idleSeconds, absoluteSeconds } = site.figures
  const origin = site.originOf('session.idle_timeout')
  if (idleSeconds <= absoluteSeconds || origin === undefined || origin === 'default')
    return undefined
  return warning(
    `session.idle_timeout is ${idleSeconds} s, and session.absolute_timeout ends a session after ${absoluteSeconds} s: the former has no effect`,
    'Make session.idle_timeout the shorter one, or session.absolute_timeout longer.',
    origin,
  )
}

function revoked(site: Site): Finding | undefined {
  const { tokenPolicy } = site
  if (tokenPolicy.onRevoked !== 'sign_out' || tokenPolicy.isKeptSomewhere) return undefined
  return warning(
    'amazon.on_revoked is sign_out, and amazon.keep_tokens is off: nobody finds out that consent was withdrawn, where an app does not keep tokens by a setting of its own',
    'Set amazon.keep_tokens to true, or leave amazon.on_revoked out.',
    site.originOf('amazon.on_revoked'),
  )
}
