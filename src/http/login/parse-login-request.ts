import type { Request } from 'express'

import { readParameters } from '../read-parameters'
import { namedApp } from '../request-app'
import type { Attempt } from '../sign-in/attempt'
import { wantsJson } from '../wants-json'

/** A request to `/amazon_auth`, either leg, as far as its parameters tell. */
export interface LoginRequest {
  /** From `appid`, else from `state`; absent when neither names one. */
  readonly appId: string | undefined
  /** What `state` names, whether or not `appid` wins over it. */
  readonly stateAppId: string | undefined
  /** The part of `state` that binds it to a browser. */
  readonly nonce: string | undefined
  /** Number of the front end in `state=<app>|<n>`. */
  readonly aliasIndex: number | undefined
  readonly hostUrl: string | undefined
  readonly returnTo: string | undefined
  /** What a site that begins a login wants to find again in the ID token. */
  readonly tokenNonce: string | undefined
  /** A link by which the login is only tried: see try/try-link.ts. */
  readonly tryLink: string | undefined
  /** Whether the browser was sent here from another host of ours, to begin. */
  readonly isSentOn: boolean
  /** Authorization code; present but blank on a spoilt return. */
  readonly code: string | undefined
  /** The scopes that Amazon says were granted, as the browser brings them. */
  readonly scope: string | undefined
  /** Amazon's reason for refusing, e.g. `access_denied`. */
  readonly error: string | undefined
  /** Whether the browser comes back from Amazon, or is to be sent there. */
  readonly isReturn: boolean
  readonly wantsJson: boolean
  /** A parameter that cannot be used. */
  readonly spoilt: string | undefined
}

/** The parameters of both legs, and how long each may be. A `returnto` that is too long to be used is passed over later. */
const MAX_CHARACTERS = {
  code: 2048,
  state: 1024,
  scope: 1024,
  appid: 1024,
  host_url: 2048,
  error: 1024,
  error_description: 4096,
  returnto: Infinity,
  nonce: 128,
  sent_on: 16,
  try: 1024,
}

/** The first step of both legs: notes in the record what the login is asked for. */
export function parseLoginRequest(attempt: Attempt): LoginRequest {
  attempt.enter('parse_request')
  const request = readLoginRequest(attempt.req)
  attempt.appId = request.appId
  attempt.asked = request
  attempt.leave()
  return request
}

function readLoginRequest(req: Request): LoginRequest {
  const parameters = readParameters(req, MAX_CHARACTERS, 'scope')
  const state = parseState(parameters.get('state') ?? '')
  const stateAppId = namedApp(state.app)
  const code = parameters.get('code')
  const error = parameters.get('error')
  return {
    appId: namedApp(parameters.get('appid')) ?? stateAppId,
    stateAppId,
    nonce: state.nonce,
    aliasIndex: state.aliasIndex,
    hostUrl: parameters.get('host_url'),
    returnTo: parameters.get('returnto'),
    tokenNonce: parameters.get('nonce'),
    tryLink: parameters.get('try'),
    isSentOn: parameters.get('sent_on') !== undefined,
    code,
    scope: parameters.get('scope'),
    error,
    isReturn: req.method !== 'GET' || code !== undefined || error !== undefined,
    wantsJson: wantsJson(req),
    spoilt: parameters.spoilt,
  }
}

/**
 * `<app>`, `<app>|<number of a front end>` or `<app>~<nonce>`. A bar has been seen to come back HTML-encoded.
 */
function parseState(state: string): Pick<LoginRequest, 'nonce' | 'aliasIndex'> & { app: string } {
  const text = state.replace(/&#124;|%7C/gi, '|')
  const end = text.search(/[|~]/)
  if (end < 0) return { app: text, nonce: undefined, aliasIndex: undefined }
  const app = text.slice(0, end)
  const rest = text.slice(end + 1)
  if (text[end] === '~') return { app, nonce: rest, aliasIndex: undefined }
  return { app, nonce: undefined, aliasIndex: /^\d{1,4}$/.test(rest) ? Number(rest) : undefined }
}
