import type { Response } from 'express'

import { toAmazonAuthError } from '../../errors'
import { adminLayout, type AdminPage, type Section } from '../../pages/admin/admin-layout'
import { problemPage } from '../../pages/admin/problem-page'
import { answerDocument, protectAnswer, redirect, setRetryAfter } from '../answer'
import type { AdminVisit } from './admin-route'
import { leaveNotice, takeNotice } from './notice'

/** Nothing within a page, and nothing from elsewhere. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Who sees a page, as far as its frame has to know. */
export type Frame = Pick<AdminVisit, 'req' | 'res' | 'base' | 'texts'> &
  Partial<Pick<AdminVisit, 'operator' | 'session' | 'services'>>

/** Answers with a page. A notice that was left for it stands on it. */
export function showAdminPage(frame: Frame, page: AdminPage, status = 200): void {
  const { res, base, texts, operator, session } = frame
  const notice = isSignedIn(frame) ? takeNotice(frame) : undefined
  const formToken = session?.formToken
  const hidden = hiddenSections(frame)
  const markup = adminLayout({ base, texts, operator, formToken, hidden, notice }, page)
  answerDocument(res, status, { policy: POLICY, lang: texts.lang, markup })
}

const SHOWN_BY = [
  ['signIns', 'auditHistory'],
  ['changes', 'auditHistory'],
  ['webhooks', 'webhooks'],
] as const

/** What the store of the host keeps nothing of. */
function hiddenSections({ services }: Frame): readonly Section[] {
  return SHOWN_BY.filter(([, part]) => services?.lacks(part)).map(([section]) => section)
}

function isSignedIn(frame: Frame): frame is AdminVisit {
  return frame.session !== undefined && frame.services !== undefined
}

/**
 * Sends the browser on to another page, after a form or for good.
 *
 * @param path Below the pages, e.g. `/apps/shop`.
 * @param notice A sentence that stands on that page, once.
 */
export function goTo(visit: AdminVisit, path: string, notice?: string): void {
  if (notice !== undefined) leaveNotice(visit, notice)
  redirect(visit.req, visit.res, visit.base + path)
}

/**
 * A page that says what did not work.
 *
 * @param form Path of the page that a form was sent from, whole. Undefined: none was sent.
 */
export function showProblem(frame: Frame, thrown: unknown, form: string | undefined): void {
  const error = toAmazonAuthError(thrown)
  if (error.status === 429 || error.status === 503) setRetryAfter(frame.res, error)
  showAdminPage(frame, problemPage(error, frame.texts, form), error.status)
}

/** A file to be saved, of any length. Write it with regard to `drain`. */
export function beginDownload(
  res: Response,
  { fileName, contentType }: { readonly fileName: string; readonly contentType: string },
): void {
  protectAnswer(res)
  res.setHeader('Content-Type', contentType)
  res.setHeader('Content-Disposition', `attachment; filename="${toFileName(fileName)}"`)
  res.setHeader('Content-Security-Policy', "default-src 'none'; sandbox")
}

function toFileName(text: string): string {
  return text.replace(/[^\w.-]+/g, '_')
}
