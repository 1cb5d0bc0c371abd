import type { Request, Router } from 'express'
import { decode } from 'jsonwebtoken'

import { loadExpress } from '../../load-express'
import { requireUser } from '../../http/require-user'
import { ZENITH } from './shops'

/** What Zenith's page knows of the token it was handed. */
export interface HeldToken {
  readonly token: string
  readonly header: object
  readonly claims: Readonly<Record<string, unknown>>
  /** Seconds since 1970. */
  readonly issuedAtSeconds: number
  readonly expiresAtSeconds: number
  /** Claims of the session token that it was traded for; undefined: it was refused. */
  readonly tradedFor: Readonly<Record<string, unknown>> | undefined
  /** What Zenith's back end said to `GET /zenith/me` with that one, or else with this. */
  readonly answer: { readonly status: number; readonly body: string }
}

const COOKIE = 'zenith-token'
const SESSION_COOKIE = 'zenith-session'
const FLAGS = { httpOnly: true, sameSite: 'lax' } as const
const MAX_TOKEN_CHARACTERS = 3_000
const HOME = '/#zenith'

/**
 * Zenith: a page that is handed an ID token in its address and trades it for a session token, and a back end that takes
 * that as Bearer. In life the page would be another program, on another host.
 *
 * @param origin Where the tokens are from.
 */
export function zenith(origin: string): Router {
  const router = loadExpress().Router()
  // Out of the address at once, where history and logs would keep it.
  router.get('/zenith', async (req, res) => {
    const { jwt } = req.query
    // Doctor asks by HEAD whether the page is there; what that traded would count as a sign-in that failed.
    if (req.method === 'GET' && typeof jwt === 'string' && jwt.length <= MAX_TOKEN_CHARACTERS) {
      const sessionToken = await trade(jwt, origin)
      res.cookie(COOKIE, jwt, FLAGS)
      if (sessionToken === undefined) res.clearCookie(SESSION_COOKIE, FLAGS)
      else res.cookie(SESSION_COOKIE, sessionToken, FLAGS)
    }
    res.redirect(303, HOME)
  })
  router.get('/zenith/me', requireUser({ app: ZENITH.id }), (req, res) => {
    const { user } = req.amazonAuth
    res.json({ id: user?.id, name: user?.name, email: user?.email })
  })
  router.post('/zenith/sign-out', (_req, res) => {
    res.clearCookie(COOKIE, FLAGS).clearCookie(SESSION_COOKIE, FLAGS).redirect(303, HOME)
  })
  return router
}

/** As Para's own client does it: an ID token is good for this once. */
async function trade(token: string, origin: string): Promise<string | undefined> {
  const answer = await fetch(`${origin}/jwt_auth`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ provider: 'passwordless', appid: `app:${ZENITH.id}`, token }),
  })
  if (!answer.ok) return undefined
  const { jwt } = (await answer.json()) as { readonly jwt: { readonly access_token: string } }
  return jwt.access_token
}

/** Reads the token that the browser holds, and asks the back end what it is worth now. */
export async function readHeldToken(req: Request, origin: string): Promise<HeldToken | undefined> {
  const token = cookieOf(req, COOKIE)
  const decoded = decode(token, { complete: true })
  if (decoded === null || typeof decoded.payload === 'string') return undefined
  const { header, payload } = decoded
  const sessionToken = cookieOf(req, SESSION_COOKIE)
  const answer = await fetch(`${origin}/zenith/me`, {
    headers: { authorization: `Bearer ${sessionToken === '' ? token : sessionToken}` },
  })
  return {
    token,
    header,
    claims: payload,
    issuedAtSeconds: payload.iat ?? 0,
    expiresAtSeconds: payload.exp ?? 0,
    tradedFor: decode(sessionToken, { json: true }) ?? undefined,
    answer: { status: answer.status, body: await answer.text() },
  }
}

function cookieOf({ headers }: Request, name: string): string {
  return new RegExp(`(?:^|; )${name}=([\\w.-]+)`).exec(headers.cookie ?? '')?.[1] ?? ''
}
