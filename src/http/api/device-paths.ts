import type { JsonSchema } from './operation'
import { ref } from './schemas'

const TEXT: JsonSchema = { type: 'string' }
const SECONDS: JsonSchema = { type: 'integer', minimum: 0 }

const FAILURE: JsonSchema = {
  type: 'object',
  required: ['error', 'error_description', 'code', 'message'],
  properties: {
    error: TEXT,
    error_description: TEXT,
    code: { type: 'integer', description: 'As the status' },
    message: TEXT,
  },
}

const CODES: JsonSchema = {
  type: 'object',
  required: ['device_code', 'user_code', 'verification_uri', 'expires_in', 'interval'],
  properties: {
    device_code: { ...TEXT, description: 'Secret of the device' },
    user_code: { ...TEXT, description: 'For the person to type' },
    verification_uri: { ...TEXT, description: 'Where, at Amazon' },
    verification_uri_complete: { ...TEXT, description: 'Only where Amazon gives one' },
    expires_in: { ...SECONDS, description: 'In seconds' },
    interval: { ...SECONDS, description: 'Seconds to wait between two asks for the token' },
  },
}

const TOKEN: JsonSchema = {
  allOf: [
    ref('SignedIn'),
    {
      type: 'object',
      required: ['access_token', 'token_type', 'expires_in'],
      properties: {
        access_token: { ...TEXT, description: 'The session token, as in jwt' },
        token_type: { const: 'Bearer' },
        expires_in: { ...SECONDS, description: 'In seconds' },
      },
    },
  ],
}

/** JSON or a form. */
function bodyOf(schema: JsonSchema): object {
  return {
    required: true,
    content: {
      'application/json': { schema },
      'application/x-www-form-urlencoded': { schema },
    },
  }
}

function answer(description: string, schema: JsonSchema): object {
  return { description, content: { 'application/json': { schema } } }
}

const TOO_LARGE = answer('The body is longer than 16 KiB', FAILURE)
const UNREAD = answer('The body is neither JSON nor a form', FAILURE)
const BUSY = answer('Try again after Retry-After', FAILURE)

/** Signing in on devices, after RFC 8628: documented here, routed in `http/device/`. */
export const DEVICE_PATHS = {
  '/amazon_auth/device': {
    get: {
      operationId: 'signInOnScreen',
      summary: 'A page for a kiosk or TV, which shows a code and is signed in when it was allowed',
      security: [],
      parameters: [
        {
          name: 'appid',
          in: 'query',
          required: false,
          description: 'Name of the app; default: the root app',
          schema: TEXT,
        },
      ],
      responses: {
        200: { description: 'The page; to its own script, how it stands' },
        302: {
          description: 'Signed in, or refused: to the target of the app',
          headers: { Location: { schema: TEXT } },
        },
        403: { description: 'Asked for as a picture or frame of another page' },
      },
    },
    post: {
      operationId: 'beginOnDevice',
      summary: 'Codes for a device, which a person types at Amazon',
      security: [],
      requestBody: bodyOf({
        type: 'object',
        properties: {
          appid: { ...TEXT, description: 'With or without app:; default: the root app' },
          client_id: { ...TEXT, description: 'The same, as libraries for RFC 8628 name it' },
        },
      }),
      responses: {
        200: answer('The codes', CODES),
        400: answer('invalid_client: no such app, or it is not set up; invalid_request', FAILURE),
        403: answer('A form of another site', FAILURE),
        413: TOO_LARGE,
        415: UNREAD,
        429: BUSY,
        503: BUSY,
      },
    },
  },
  '/amazon_auth/device/token': {
    post: {
      operationId: 'signInOnDevice',
      summary: 'A session token for a device, once a person has allowed it',
      security: [],
      requestBody: bodyOf({
        type: 'object',
        required: ['device_code'],
        properties: { device_code: TEXT },
      }),
      responses: {
        200: answer('A session token, and who signed in; once', TOKEN),
        400: answer(
          'authorization_pending or slow_down: go on asking; expired_token: ask for a new code; access_denied: it is over',
          FAILURE,
        ),
        413: TOO_LARGE,
        415: UNREAD,
        429: answer('Too much of this address was no handle: try again after Retry-After', FAILURE),
      },
    },
  },
}
