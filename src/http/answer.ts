import type { Request, RequestHandler, Response } from 'express'

import { toAscii } from '../apps/target-url'
import { AmazonAuthError } from '../errors'
import { IMAGE_ORIGIN } from '../pages/button/amazon-image'
import { failurePage } from '../pages/failure-page'
import type { Html } from '../pages/html'
import { outagePage, type OutageTitle } from '../pages/outage-page'
import { policyOf, renderPage, type Page } from '../pages/page'
import { chooseTexts } from './choose-texts'
import { endBodyAfterAnswer } from './rest-of-body'
import { takesPage, wantsJson } from './wants-json'

/** Seconds after which a client may try again what failed on our side or Amazon's. */
const RETRY_AFTER_SECONDS = 5

/** Answers about sign-in are nobody else's business: not cached, not named to the next page. They end what is still sent. */
export function protectAnswer(res: Response): void {
  endBodyAfterAnswer(res)
  res.setHeader('Cache-Control', 'no-store')
  res.setHeader('Referrer-Policy', 'no-referrer')
  res.setHeader('X-Content-Type-Options', 'nosniff')
}

/** Where the answer to a form sends a browser; null: nowhere. */
export function redirectionOf(res: Response): string | null {
  return res.statusCode === 303 ? String(res.getHeader('location')) : null
}

/** The only writer of `Location`. A GET is answered with 302, anything else with 303, so that no body travels on. */
export function redirect(req: Request, res: Response, url: string): void {
  protectAnswer(res)
  res.statusCode = req.method === 'GET' ? 302 : 303
  res.setHeader('Location', toAscii(url))
  res.end()
}

/**
 * A page for a person, under a policy that allows exactly what is in it.
 *
 * @param hidesAddress Whether the address holds what no other page may see, not even of this host. Without it, browsers
 *   send forms of the page with an origin.
 */
export function answerPage(res: Response, status: number, page: Page, hidesAddress = false): void {
  const document = { policy: policyOf(page), lang: page.language?.lang, markup: renderPage(page) }
  answerDocument(res, status, document, hidesAddress)
}

/** The same of a page that is rendered, and comes with its policy. */
export function answerDocument(
  res: Response,
  status: number,
  {
    policy,
    lang,
    markup,
  }: { readonly policy: string; readonly lang: string | undefined; readonly markup: string },
  hidesAddress = false,
): void {
  protectAnswer(res)
  res.statusCode = status
  res.setHeader('Content-Security-Policy', policy)
  if (!hidesAddress) res.setHeader('Referrer-Policy', 'same-origin')
  if (lang !== undefined) res.vary('Accept-Language').setHeader('Content-Language', lang)
  res.setHeader('Content-Type', 'text/html; charset=utf-8')
  res.end(markup)
}

/** What a fragment may load where it is opened by itself. */
const FRAGMENT_POLICY = `default-src 'none'; img-src ${IMAGE_ORIGIN}; style-src-attr 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`

/** Markup that other pages include, in a language. */
export function answerFragment(
  res: Response,
  status: number,
  { markup, lang }: { readonly markup: Html; readonly lang: string },
): void {
  protectAnswer(res)
  res.statusCode = status
  res.vary('Accept-Language').setHeader('Content-Language', lang)
  res.setHeader('Content-Security-Policy', FRAGMENT_POLICY)
  res.setHeader('Content-Type', 'text/html; charset=utf-8')
  res.end(markup.markup)
}

/** For scripts that have nothing to read. */
export function answerNoContent(res: Response): void {
  protectAnswer(res)
  res.statusCode = 204
  res.end()
}

export function answerText(res: Response, text: string, status = 200): void {
  protectAnswer(res)
  res.statusCode = status
  res.setHeader('Content-Type', 'text/plain; charset=utf-8')
  res.end(text)
}

export function setRetryAfter(res: Response, { facts }: AmazonAuthError): void {
  res.setHeader('Retry-After', Number(facts.retryAfterSeconds ?? RETRY_AFTER_SECONDS))
}

/** `{"code", "message"}`, the form of every error a script gets. */
export function answerError(res: Response, error: AmazonAuthError, status = error.status): void {
  protectAnswer(res)
  if (status === 429 || status === 503) setRetryAfter(res, error)
  if (status === 401) res.setHeader('WWW-Authenticate', challenge(error))
  answerJson(res, status, { code: status, message: error.message })
}

/**
 * 401 for a script that a person has to sign in for.
 *
 * @param location The address that its page has to open, e.g. by `location.href = …`.
 */
export function answerSignInFirst(req: Request, res: Response, location: string): void {
  const error = new AmazonAuthError('unauthorized')
  protectAnswer(res)
  // htmx opens it by itself, and would otherwise do nothing that a person can see.
  if (req.headers['hx-request'] === 'true') res.setHeader('HX-Redirect', location)
  res.setHeader('WWW-Authenticate', challenge(error))
  answerJson(res, error.status, { code: error.status, message: error.message, location })
}

/** 429 or 503 for a visitor of a page, who may open the same address again, for a script, or for any other program. */
export function answerRefusal(req: Request, res: Response, error: AmazonAuthError): void {
  if (wantsJson(req)) {
    answerError(res, error)
    return
  }
  setRetryAfter(res, error)
  if (!takesPage(req)) {
    answerText(res, error.message, error.status)
    return
  }
  // What a form has brought is not in the address.
  const again = req.method === 'GET' ? '' : undefined
  const page = failurePage({ code: error.code, again }, chooseTexts(req))
  answerPage(res, error.status, page, true)
}

/**
 * What is our fault, on an address that people open: a page for whoever can be shown one, JSON for all others.
 *
 * @param title Which of the texts says what did not work.
 */
export function answerOutage(
  req: Request,
  res: Response,
  error: AmazonAuthError,
  title: OutageTitle,
): void {
  if (error.status < 500 || !takesPage(req)) {
    answerError(res, error)
    return
  }
  if (error.status === 503) setRetryAfter(res, error)
  answerPage(res, error.status, outagePage(title, chooseTexts(req)), true)
}

/** RFC 6750, section 3.1. */
function challenge({ code }: AmazonAuthError): string {
  return code === 'token_invalid' ? 'Bearer error="invalid_token"' : 'Bearer'
}

export function answerJson(res: Response, status: number, body: object | number): void {
  endBodyAfterAnswer(res)
  res.statusCode = status
  res.setHeader('Content-Type', 'application/json; charset=utf-8')
  res.end(JSON.stringify(body))
}

/** Answers methods that a path does not have. */
export function refuseMethod(methods: readonly string[]): RequestHandler {
  return (_req, res) => {
    res.setHeader('Allow', methods.join(', '))
    answerError(res, new AmazonAuthError('method_not_allowed'))
  }
}
