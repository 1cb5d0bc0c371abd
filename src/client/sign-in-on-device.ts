import { setTimeout as sleep } from 'node:timers/promises'

import { ApiError } from './api-error'
import type { SignedIn } from './client'
import { toSignedIn, type SignedInJson } from './to-signed-in'
import { createSender, type Send, type SenderOptions } from './create-sender'

/** What a person needs to allow the device. */
export interface DeviceCode {
  /** To be typed at Amazon. */
  readonly userCode: string
  /** Where. */
  readonly verificationUri: string
  /** The same with the code in it; absent unless Amazon gives one. */
  readonly verificationUriComplete?: string
  readonly expiresInSeconds: number
}

export interface DeviceSignInOptions extends SenderOptions {
  /** Name of the app. Default: the root app of the server. */
  readonly app?: string | undefined
  /** Shows a code to a person. Called again where `renews` is on and the code before has expired. */
  readonly onCode: (code: DeviceCode) => void
  /** Whether a code that nobody has typed makes way for a new one. Default false. */
  readonly renews?: boolean | undefined
  /** Ends the waiting. Default: the code's own end does. */
  readonly signal?: AbortSignal | undefined
}

interface Codes {
  readonly device_code: string
  readonly user_code: string
  readonly verification_uri: string
  readonly verification_uri_complete?: string
  readonly expires_in: number
  readonly interval: number
}

/** A session token, or how it stands. */
type Answer =
  | (SignedInJson & { readonly error?: undefined })
  | { readonly error: string; readonly message: string }

const PATH = ['amazon_auth', 'device']
/** RFC 8628, section 3.5. */
const SLOWER_BY_SECONDS = 5

/**
 * Signs in on a device without a browser: shows a code, and waits until a person has typed it at Amazon and allowed it.
 *
 * @throws {ApiError} The person said no, the code has expired, the app is not set up, or the server cannot be reached at the
 *   begin. Once there is a code, what passes by itself is waited for.
 * @throws {Error} `AbortError`: the signal has ended it.
 * @example
 * const { token, user } = await signInOnDevice({
 *   url: 'https://auth.example.com',
 *   app: 'shop',
 *   onCode: ({ userCode, verificationUri }) => console.log(`Open ${verificationUri}: ${userCode}`),
 * })
 * @see https://www.rfc-editor.org/rfc/rfc8628
 */
export async function signInOnDevice(options: DeviceSignInOptions): Promise<SignedIn> {
  const send = createSender(options)
  for (;;) {
    const codes = await send<Codes>(
      { method: 'POST', path: PATH, body: options.app === undefined ? {} : { appid: options.app } },
      ['device_code', 'user_code', 'verification_uri', 'expires_in', 'interval'],
    )
    options.onCode(toCode(codes))
    const answer = await wait(codes, send, options.signal)
    if (answer.error === undefined) return toSignedIn(answer)
    if (answer.error !== 'expired_token' || options.renews !== true) throw refused(answer.message)
  }
}

function toCode(codes: Codes): DeviceCode {
  const { verification_uri_complete: verificationUriComplete } = codes
  return {
    userCode: codes.user_code,
    verificationUri: codes.verification_uri,
    ...(verificationUriComplete !== undefined && { verificationUriComplete }),
    expiresInSeconds: codes.expires_in,
  }
}

async function wait(codes: Codes, send: Send, signal: AbortSignal | undefined): Promise<Answer> {
  const untilMs = performance.now() + codes.expires_in * 1000
  let { interval } = codes
  for (;;) {
    await sleep(interval * 1000, undefined, signal && { signal })
    const answer = await ask(codes, send)
    if (answer?.error === undefined && answer !== undefined) return answer
    if (answer === undefined || answer.error === 'slow_down') interval += SLOWER_BY_SECONDS
    else if (answer.error !== 'authorization_pending') return answer
    if (performance.now() > untilMs + SLOWER_BY_SECONDS * 1000) {
      return { error: 'expired_token', message: 'This code has expired.' }
    }
  }
}

/** Undefined: the server is not there, or in trouble, and may be asked again. */
async function ask({ device_code }: Codes, send: Send): Promise<Answer | undefined> {
  try {
    const path = [...PATH, 'token']
    return await send<Answer>({ method: 'POST', path, body: { device_code }, takes: 400 })
  } catch (thrown) {
    const isPassing = thrown instanceof ApiError && (thrown.status ?? 500) >= 429
    if (isPassing) return undefined
    throw thrown
  }
}

function refused(message: string): ApiError {
  return new ApiError(message, { method: 'POST', path: `/${PATH.join('/')}/token`, status: 400 })
}
