import { Router, type Request } from 'express'
import { decode } from 'jsonwebtoken'

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
  /** What Zenith's back end said to `GET /zenith/me` with it. */
  readonly answer: { readonly status: number; readonly body: string }
}

const COOKIE = 'zenith-token'
const MAX_TOKEN_CHARACTERS = 3_000
const HOME = '/#zenith'

/**
 * Zenith: a page that is handed a token in its address, and a back end that takes it as Bearer. In life the page would
 * be another program, on another host.
 */
export function zenith(): Router {
  const router = Router()
  // Out of the address at once, where history and logs would keep it.
  router.get('/zenith', (req, res) => {
    const { jwt } = req.query
    if (typeof jwt === 'string' && jwt.length <= MAX_TOKEN_CHARACTERS) {
      res.cookie(COOKIE, jwt, { httpOnly: true, sameSite: 'lax' })
    }
    res.redirect(303, HOME)
  })
  router.get('/zenith/me', requireUser({ app: ZENITH.id }), (req, res) => {
    const { user } = req.amazonAuth
    res.json({ id: user?.id, name: user?.name, email: user?.email })
  })
  router.post('/zenith/sign-out', (_req, res) => {
    res.clearCookie(COOKIE, { httpOnly: true, sameSite: 'lax' }).redirect(303, HOME)
  })
  return router
}

/** Reads the token that the browser holds, and asks the back end what it is worth now. */
export async function readHeldToken(req: Request, origin: string): Promise<HeldToken | undefined> {
  const [, token = ''] = /(?:^|; )zenith-token=([\w.-]+)/.exec(req.headers.cookie ?? '') ?? []
  const decoded = decode(token, { complete: true })
  if (decoded === null || typeof decoded.payload === 'string') return undefined
  const { header, payload } = decoded
  const answer = await fetch(`${origin}/zenith/me`, {
    headers: { authorization: `Bearer ${token}` },
  })
  return {
    token,
    header,
    claims: payload,
    issuedAtSeconds: payload.iat ?? 0,
    expiresAtSeconds: payload.exp ?? 0,
    answer: { status: answer.status, body: await answer.text() },
  }
}
