import { errorAnswer, jsonAnswer, sendAnswer, type Answer } from '../answer'
import type { FaultAction, FaultParams } from './fault'

const CAPTCHA =
  '<!doctype html><title>Robot check</title><p>Enter the characters you see below.</p>'

/** Answers without asking the endpoint: no code is spent, no token is made. */
export const STATUS_FAULTS = {
  status: withStatus(),
  http_401: withStatus(401),
  http_403: withStatus(403),
  http_429: withStatus(429),
  http_500: withStatus(500),
  http_502: withStatus(502),
  http_503: withStatus(503),
  /** Redirects to `location` (default: a host that does not exist) with `status` (default 307). */
  redirect_other_host: instead(({ status = 307, location = 'https://other-host.invalid/' }) => ({
    status,
    headers: { location },
    body: '',
  })),
  invalid_client: withError(401, 'invalid_client', 'Client authentication failed'),
  unauthorized_client: withError(
    400,
    'unauthorized_client',
    'The client is not authorized to request an authorization code',
  ),
  /** Answers `status` (default 431) with a page, as what stands in front of a service does. */
  html_error: instead(({ status = 431 }) => ({
    status,
    headers: { 'content-type': 'text/html' },
    body: `<html><head><title>${status}</title></head><body><center><h1>${status}</h1></center></body></html>`,
  })),
  html_captcha: withText('text/html;charset=UTF-8', CAPTCHA),
  empty: withText('application/json', ''),
  error_in_200: withError(
    200,
    'invalid_grant',
    'The request has an invalid grant parameter : code',
  ),
  json_object_empty: instead(() => jsonAnswer(200, {})),
  json_number: instead(() => jsonAnswer(200, 5)),
}

function instead(build: (params: FaultParams) => Answer): FaultAction {
  return ({ res, params }) => {
    sendAnswer(res, build(params))
  }
}

/** Answers an error status (`status`, or the one given here), with `retryAfter` if set. */
function withStatus(fixed?: number): FaultAction {
  return instead(({ status = 503, retryAfter }) => {
    const answer = errorAnswer(fixed ?? status, 'ServerError', 'The emulator plays a fault')
    if (retryAfter === undefined) return answer
    return { ...answer, headers: { ...answer.headers, 'retry-after': String(retryAfter) } }
  })
}

/** Answers one of Amazon's errors. */
function withError(status: number, error: string, description: string): FaultAction {
  return instead(() => errorAnswer(status, error, description))
}

/** Answers 200 with that text and type. */
function withText(contentType: string, body: string): FaultAction {
  return instead(() => ({ status: 200, headers: { 'content-type': contentType }, body }))
}
