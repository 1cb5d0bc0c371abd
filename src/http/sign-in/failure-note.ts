import type { Request, Response } from 'express'

import { ERRORS, type ErrorCode } from '../../errors'
import type { ToldFailure } from '../../pages/failure-page'
import type { SignInServices } from '../auth-services'
import { isSecure } from '../public-address'
import { readCookies } from '../read-cookies'
import { sentName } from '../session/cookie-names'
import { cookieHeader, sendAsOne } from '../session/one-cookie'

/** What it is sealed for. */
const PURPOSE = 'amazon-login-failure'
/** Until the next page is open. */
const TTL_MS = 60_000
/** Beside `Location` and what ends the login, an answer has room for it. */
const MAX_CHARACTERS = 900

/** Leaves word for the page that a browser is sent to next, in a sealed cookie: an address could be anybody's words. */
export function leaveNote(
  failure: ToldFailure,
  req: Request,
  res: Response,
  services: SignInServices,
): void {
  const text = [failure, { ...failure, again: undefined }]
    .map((each) => JSON.stringify(each))
    .find((each) => Buffer.byteLength(each) <= MAX_CHARACTERS)
  if (text === undefined) return
  const { name, options } = cookieOf(req, services)
  sendAsOne(req, res, services.policy)
  res.cookie(name, services.browserSealer.seal(text, PURPOSE), { ...options, maxAge: TTL_MS })
}

/** Takes the word that was left; undefined: none was. */
export function takeNote(
  req: Request,
  res: Response,
  services: SignInServices,
): ToldFailure | undefined {
  const { name, options } = cookieOf(req, services)
  const sealed = readCookies(cookieHeader(req, services.policy.cookies)).get(name)
  if (sealed === undefined) return undefined
  sendAsOne(req, res, services.policy)
  res.clearCookie(name, options)
  const text = services.browserSealer.open(sealed, PURPOSE)
  return text === undefined ? undefined : parseNote(JSON.parse(text))
}

/** Not one of the cookies of a login, whose names go on with a dot. */
function cookieOf(req: Request, services: SignInServices) {
  const secure = isSecure(req, services, undefined)
  const options = { httpOnly: true, secure, sameSite: 'lax', path: '/' } as const
  return { name: sentName(`${services.policy.cookies.login}-failure`, secure), options }
}

/** Sealed by us, but maybe by another version. */
function parseNote(note: unknown): ToldFailure | undefined {
  const { code, reason, appName, again } = note as Partial<ToldFailure>
  if (code === undefined || !(code in ERRORS)) return undefined
  return { code: code satisfies ErrorCode, reason, appName, again }
}
