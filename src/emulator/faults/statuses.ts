import { errorAnswer, jsonAnswer, sendAnswer, type Answer } from '../answer'
import type { FaultAction } from './fault'

/** Answers without asking the endpoint: no code is spent, no token is made. */
function instead(build: (params: Parameters<FaultAction>[0]['params']) => Answer): FaultAction {
  return ({ res, params }) => {
    sendAnswer(res, build(params))
  }
}

/** Answers an error status (`status`, or the one given here), with `retryAfter` if set. */
export function withStatus(fixed?: number): FaultAction {
  return instead(({ status = 503, retryAfter }) => {
    const answer = errorAnswer(fixed ?? status, 'ServerError', 'The emulator plays a fault')
    if (retryAfter === undefined) return answer
    return { ...answer, headers: { ...answer.headers, 'retry-after': String(retryAfter) } }
  })
}

/** Answers one of Amazon's errors. */
export function withError(status: number, error: string, description: string): FaultAction {
  return instead(() => errorAnswer(status, error, description))
}

/** Answers `status` (default 431) with a page, as what stands in front of a service does. */
export const htmlError: FaultAction = instead(({ status = 431 }) => ({
  status,
  headers: { 'content-type': 'text/html' },
  body: `<html><head><title>${status}</title></head><body><center><h1>${status}</h1></center></body></html>`,
}))

/** Answers 200 with that JSON, whatever was asked. */
export function withJson(body: unknown): FaultAction {
  return instead(() => jsonAnswer(200, body))
}

/** Answers 200 with that text and type. */
export function withText(contentType: string, body: string): FaultAction {
  return instead(() => ({ status: 200, headers: { 'content-type': contentType }, body }))
}

/** Redirects to `location` (default: a host that does not exist) with `status` (default 307). */
export const redirectOtherHost: FaultAction = instead(
  ({ status = 307, location = 'https://other-host.invalid/' }) => ({
    status,
    headers: { location },
    body: '',
  }),
)
