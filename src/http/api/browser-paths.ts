import { CHOICES } from '../../pages/button/button-look'
import { DEVICE_PATHS } from './device-paths'
import type { JsonSchema } from './operation'
import { MILLISECONDS, ref } from './schemas'

const TEXT: JsonSchema = { type: 'string' }

function query(name: string, description: string, required = false): object {
  return { name, in: 'query', required, description, schema: TEXT }
}

/** One of several values, of which the first is the default. */
function choice(name: string, description: string, choices: readonly string[]): object {
  return {
    name,
    in: 'query',
    required: false,
    description,
    schema: { ...TEXT, enum: choices, default: choices[0] },
  }
}

function fragment(description: string): object {
  return { description, content: { 'text/html': { schema: TEXT } } }
}

const REDIRECT = {
  description: 'To Amazon, or to the target of the app',
  headers: { Location: { schema: TEXT } },
}
const FAILED = {
  description:
    'To a script: at the begin, with the address to open in `location`; of a login that failed, when its app has no signin_failure',
  content: { 'application/json': { schema: ref('Error') } },
}

const TRY_START: JsonSchema = {
  type: 'object',
  required: ['app', 'expires', 'location'],
  properties: { app: TEXT, expires: MILLISECONDS, location: TEXT },
}

const FAILED_TRY = (description: string): object => ({
  description,
  content: { 'text/html': { schema: TEXT }, 'application/json': { schema: ref('Error') } },
})

const LOGIN_PATHS = {
  '/amazon_auth': {
    get: {
      operationId: 'signIn',
      summary: 'Begin a login, or return from Amazon',
      description:
        'Without code and error it begins: 302 to the consent page. With them it is the return. A POST form with the same parameters returns too.',
      security: [],
      parameters: [
        query('state', 'Name of the app; <app>|<n> picks its n-th front end'),
        query('appid', 'Name of the app; wins over state'),
        query('host_url', 'Front end to end up at: an origin of the app'),
        query('returnto', 'Path on this host, or an address of the app, to end up at'),
        query(
          'nonce',
          'What the ID token is to hold as its claim `nonce`: at most 128 printable ASCII characters',
        ),
        query('code', 'Authorization code, on return'),
        query('error', "Amazon's reason for refusing, on return"),
      ],
      responses: { 302: REDIRECT, 204: { description: 'To a script: signed in' }, 401: FAILED },
    },
  },
  '/amazon_auth/try': {
    get: {
      operationId: 'showTry',
      summary: 'What a link to try the sign-in opens',
      description:
        'A page, or to a script the address where it begins. The return from Amazon comes to `/amazon_auth` as that of any login, and is answered with a page that shows each step, or to a script with a `TryReport`.',
      security: [],
      parameters: [query('link', 'As POST /v1/_try has given it', true)],
      responses: {
        200: {
          description: 'Where it begins; or why it cannot',
          content: {
            'text/html': { schema: TEXT },
            'application/json': { schema: { anyOf: [TRY_START, ref('TryReport')] } },
          },
        },
        404: FAILED_TRY('The app was deleted'),
        410: FAILED_TRY('The link is none, or not good any more'),
      },
    },
  },
  '/amazon_auth/button': {
    get: {
      operationId: 'showButton',
      summary: 'Markup of a button that signs in, to include in a page',
      description:
        'Empty, or a way to sign out, for a visitor who is signed in to the app. Pages on origins that the app has named (signin_success, security.hosturl_aliases) may fetch it, with cookies. What is amiss stands in a comment.',
      security: [],
      parameters: [
        query('appid', 'Name of the app'),
        query('returnto', 'Path on this host, or an address of the app, to end up at'),
        query('signed_out_to', 'Path on this host that a sign-out ends at; default: /'),
        choice('style', 'Image of Amazon, or text', CHOICES.style),
        choice('size', 'Of the image, in CSS pixels', CHOICES.size),
        choice('color', 'Of the image, on a light page', CHOICES.color),
        choice('theme', 'Of the page; auto follows the system of the visitor', CHOICES.theme),
        choice('when_signed_in', 'What those see who are signed in', CHOICES.whenSignedIn),
        query('lang', 'Language of the text; default: as Accept-Language says'),
        query('class', 'Classes, in place of colours of its own'),
      ],
      responses: {
        200: fragment('The button'),
        400: fragment('A parameter cannot be used, or is not known'),
        404: fragment('The app is unknown, not active, or has no keys of Amazon'),
        503: fragment('The store does not answer'),
      },
    },
  },
  '/amazon_auth/logout': {
    post: {
      operationId: 'signOut',
      summary: 'End the session of this browser',
      security: [],
      parameters: [
        query('appid', 'Sign out of this app only'),
        query('returnto', 'Path on this host to end up at'),
        query(
          'everywhere',
          'true: end all sessions and tokens of the user, on all devices. By POST alone: a GET that says so is answered with a page that asks the person',
        ),
      ],
      responses: {
        303: REDIRECT,
        204: { description: 'To a script: signed out' },
        403: fragment('The request comes from another site'),
      },
    },
  },
}

const BY_TOKEN = {
  get: {
    operationId: 'signInWithAppToken',
    summary: "Sign in by an ID token, once, or by a token that the app's own back end has signed",
    security: [],
    parameters: [
      query('appid', 'Name of the app', true),
      query('token', 'JWT (HS256) with email, name, identifier, picture, groups', true),
      query('redirect', 'false: answer with the session token'),
    ],
    responses: {
      302: REDIRECT,
      200: {
        description: 'With redirect=false: a session token',
        content: { 'text/plain': { schema: TEXT } },
      },
      403: {
        description: 'With redirect=false: the token is refused',
        content: { 'application/json': { schema: ref('Error') } },
      },
    },
  },
}

/**
 * The pages of a login, which browsers open: documented here, routed by the login itself.
 *
 * @param besideApi Path in which the API lies; '' is the root.
 */
export function browserPaths(besideApi: string): object {
  const { get } = BY_TOKEN
  const description = `Also at \`${besideApi}/passwordless_auth\`.`
  const byToken = besideApi === '' ? BY_TOKEN : { get: { ...get, description } }
  return { ...LOGIN_PATHS, ...DEVICE_PATHS, '/passwordless_auth': byToken }
}
