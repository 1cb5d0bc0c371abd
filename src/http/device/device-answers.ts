import type { Response } from 'express'

import { ERRORS, type AmazonAuthError, type ErrorCode } from '../../errors'
import { answerJson, protectAnswer, setRetryAfter } from '../answer'

/** Words of RFC 6749, section 5.2, and RFC 8628, section 3.5. */
export type DeviceWord =
  | 'authorization_pending'
  | 'slow_down'
  | 'expired_token'
  | 'access_denied'
  | 'invalid_request'
  | 'invalid_client'
  | 'temporarily_unavailable'
  | 'server_error'

const DESCRIPTIONS = {
  authorization_pending: 'The person has not allowed it yet.',
  slow_down: 'Ask less often.',
  expired_token: 'This code has expired. Please ask for a new one.',
  access_denied: 'Access denied.',
} as const

/** How a login stands that is not done: 400, as the RFC has it. */
export function answerWord(
  res: Response,
  word: keyof typeof DESCRIPTIONS,
  description: string = DESCRIPTIONS[word],
): void {
  send(res, 400, word, description)
}

const WORDS: Partial<Record<ErrorCode, DeviceWord>> = {
  request_invalid: 'invalid_request',
  body_too_large: 'invalid_request',
  body_timeout: 'invalid_request',
  request_forbidden: 'invalid_request',
  media_type_unsupported: 'invalid_request',
  app_not_found: 'invalid_client',
  app_inactive: 'invalid_client',
  app_not_configured: 'invalid_client',
  client_rejected: 'invalid_client',
  device_refused: 'invalid_client',
}

/** Which apps there are, and what is wrong with their keys, is for the log. */
const { message: NOT_SET_UP } = ERRORS.app_not_configured

/** An error in the RFC's form, and in that of the API beside it. */
export function answerDeviceError(res: Response, error: AmazonAuthError): void {
  const { code, status, message } = error
  const isBusy = status === 429 || status === 503
  if (isBusy) setRetryAfter(res, error)
  const word = WORDS[code] ?? (isBusy ? 'temporarily_unavailable' : 'server_error')
  if (word === 'invalid_client') send(res, 400, word, NOT_SET_UP)
  else send(res, status, word, message)
}

function send(res: Response, status: number, error: DeviceWord, description: string): void {
  protectAnswer(res)
  const body = { error, error_description: description, code: status, message: description }
  answerJson(res, status, body)
}
