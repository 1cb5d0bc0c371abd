import { sign, unsign } from 'cookie-signature'
import type { Request, Response } from 'express'
import { Cookie, type SessionData } from 'express-session'

import { randomText } from '../../crypto/random'
import { parseSignIns, type SignIns } from '../../sessions/sign-ins'
import { findCookie } from '../read-cookies'
import { sentName } from './cookie-names'
import { cookieHeader, sendAsOne } from './one-cookie'
import type { SessionKeeper } from './session-keeper'
import type { StoredSessions } from './stored-sessions'
import type { Policy } from '../auth-services'

/** How our own sessions are kept: an id in a signed cookie, as express-session has it, and the rest in a store. */
export interface OwnSessions {
  readonly stored: StoredSessions
  /** The first signs cookies, all are accepted. Asked for when the store is open. */
  readonly secrets: () => readonly string[]
}

const ID_BYTES = 24
/** What express-session writes before what is signed. */
const SIGNED = 's:'

/**
 * Opens the session of ours that a browser has a cookie of, or none as yet.
 *
 * Of two cookies of its name neither counts: another host of the domain, or another path, has planted one, and which is
 * ours cannot be told. (Only over http: browsers guard names in `__Host-`.)
 *
 * @param isSecure Whether the browser speaks https with us.
 * @throws {AmazonAuthError} `store_unavailable`
 */
export async function keepInOwnSession(
  req: Request,
  res: Response,
  { sessions, policy }: { readonly sessions: OwnSessions; readonly policy: Policy },
  isSecure: boolean,
): Promise<SessionKeeper> {
  const { stored, secrets } = sessions
  const name = sentName(policy.cookies.session, isSecure)
  const options = { httpOnly: true, secure: isSecure, sameSite: 'lax', path: '/' } as const
  const maxAge = policy.sessionLimits.absoluteMs
  const sent = findCookie(cookieHeader(req, policy.cookies), name)
  const id = sent === undefined ? undefined : readId(sent, secrets())
  const found = id === undefined ? undefined : await stored.find(id)
  // One that was made for the other kind of cookie has come under a false name.
  let session = isOfKind(found, isSecure) ? found : undefined

  const newCookie = () => Object.assign(new Cookie(), { ...options, maxAge })
  async function write(amazonAuth: SignIns): Promise<void> {
    if (id === undefined || session === undefined) return
    session = { ...session, cookie: newCookie(), amazonAuth }
    await stored.replace(id, session)
  }
  return {
    owner: 'us',
    isSecure,
    read: () => parseSignIns(session?.amazonAuth),
    note: (signIns) => void write(signIns).catch(() => undefined),
    async begin(signIns) {
      const newId = randomText(ID_BYTES)
      const begun: SessionData = { cookie: newCookie(), amazonAuth: signIns }
      const older = id !== undefined && found !== undefined ? [stored.delete(id)] : []
      await Promise.all([stored.put(newId, begun), ...older])
      sendAsOne(req, res, policy)
      const value = SIGNED + sign(newId, secrets()[0] ?? '')
      res.cookie(name, value, { ...options, maxAge })
    },
    write,
    async end() {
      if (id !== undefined) await stored.delete(id)
      sendAsOne(req, res, policy)
      res.clearCookie(name, options)
    },
  }
}

/** A store of the host may give anything. */
function isOfKind(
  found: Partial<SessionData> | undefined,
  isSecure: boolean,
): found is SessionData {
  const cookie: unknown = found?.cookie
  return (
    typeof cookie === 'object' &&
    cookie !== null &&
    'secure' in cookie &&
    cookie.secure === isSecure
  )
}

/** @returns Undefined: nobody who has a key of ours has signed it. */
function readId(sent: string, secrets: readonly string[]): string | undefined {
  if (!sent.startsWith(SIGNED)) return undefined
  const signed = sent.slice(SIGNED.length)
  for (const secret of secrets) {
    const id = unsign(signed, secret)
    if (id !== false) return id
  }
  return undefined
}
