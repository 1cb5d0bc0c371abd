import fc from 'fast-check'

import { browserPaths } from '../../src/http/api/browser-paths'
import { apiOperations, STAND_ALONE } from '../../src/http/api/openapi'
import { TOKEN_OPERATIONS } from '../../src/http/api/tokens'

/** A request as fast-check makes and shrinks it; what must be fresh (signatures, tokens, cookies) is filled in when it is sent. */
export interface FuzzRequest {
  readonly method: string
  readonly target: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: FuzzBody
  readonly authorization: FuzzAuthorization
  readonly cookie: FuzzCookie | undefined
}

export interface FuzzBody {
  readonly type: string | undefined
  readonly text: string
  readonly encoding: 'utf8' | 'latin1'
}

export type FuzzAuthorization =
  | { readonly kind: 'none' }
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'bearer'
      readonly token: (typeof TOKENS)[number]
      readonly damage: Damage | undefined
    }
  | {
      readonly kind: 'signed'
      readonly as: (typeof SIGNERS)[number]
      readonly damage: Damage | undefined
    }

export interface FuzzCookie {
  readonly of: (typeof COOKIES)[number]
  readonly damage: Damage | undefined
  readonly isTwice: boolean
}

/** A small change to a text that was good. */
export interface Damage {
  /** Where, as a part of the length. */
  readonly at: number
  readonly how: 'replace' | 'insert' | 'cut' | 'repeat'
  readonly by: string
}

const TOKENS = ['session', 'id', 'super', 'root super'] as const
const SIGNERS = ['shop', 'root', 'nobody'] as const
const COOKIES = ['session', 'login', 'garbage'] as const

/** The host of an attacker: nothing may lead there. */
export const EVIL = 'evil.test'

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'PURGE', 'TRACE']
/** Every route, with a method that it has. */
const ROUTES: readonly (readonly [method: string, path: string])[] = [
  ...TOKEN_OPERATIONS.map(({ method, path }) => [method, path] as const),
  ...apiOperations(STAND_ALONE).map(({ method, path }) => [method, `/v1${path}`] as const),
  ...Object.keys(browserPaths('')).flatMap((path) => [
    ['GET', path] as const,
    ['POST', path] as const,
  ]),
  ['GET', '/'],
  ['GET', '/signin'],
  ['GET', '/v1'],
]
const PARAMETERS = [
  ...['state', 'appid', 'code', 'error', 'error_description', 'host_url', 'returnto', 'token'],
  ...['redirect', 'Authorization', 'page', 'limit', 'sort', 'desc', 'lastKey', 'name', 'cause'],
  ...['__proto__', 'constructor', 'state[]', 'code[x]', 'a'],
]
const HEADERS = [
  ...['accept', 'accept-language', 'x-requested-with', 'x-request-id', 'origin', 'referer'],
  ...['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'cloudfront-forwarded-proto'],
  ...['forwarded', 'if-none-match', 'if-modified-since', 'range', 'expect', 'upgrade', 'te'],
  ...['connection', 'content-encoding', 'content-language', 'x-http-method-override'],
  ...['access-control-request-method', 'access-control-request-headers', 'sec-fetch-site'],
  ...['x-amz-date', 'x-amz-content-sha256', 'x-amz-access-token', '__proto__', 'constructor'],
]
const TYPES = [
  ...['application/json', 'application/json; charset=utf-16', 'application/json; charset=klingon'],
  ...['application/x-www-form-urlencoded', 'application/x-www-form-urlencoded; charset=utf-7'],
  ...[
    'multipart/form-data; boundary=x',
    'multipart/form-data',
    'text/plain',
    'text/html',
    'x',
    '/',
  ],
]
const HOSTILE = [
  ...['', ' ', '0', '-1', '1e9', 'null', 'true', 'undefined', 'NaN', '[object Object]', '{}'],
  ...['acme', 'app:acme', ' acme ', 'shop', 'app:app:shop', 'para', 'nobody', 'acme|0', 'acme|99'],
  ...['acme~nonce', 'acme&#124;1', '~', '|', '__proto__', 'constructor', 'toString', '../x', '..'],
  ...["a'--", '"; DROP TABLE users; --', '%', '%E0%A4%A', '%00', '\0', 'a\tb', '\u202eabc', '🧀'],
  ...['\ud800', 'ﬀ', 'İ', '$ne', '$gt', '${jndi:x}', '{{7*7}}', '<script>', '%0d%0aX: 1'],
  ...[`https://${EVIL}`, `//${EVIL}`, `/\\${EVIL}`, `https://acme.example@${EVIL}`, 'javascript:1'],
  ...[`https://acme.example.${EVIL}`, `\t//${EVIL}`, 'https://acme.example:444', '/home', 'data:,'],
  ...['application/json', 'text/html', 'XMLHttpRequest', 'https', 'http', 'gzip', '100-continue'],
  ...['websocket', 'close', 'keep-alive', 'bytes=0-1', '20260101T000000Z', 'UNSIGNED-PAYLOAD'],
  ...['access_denied', 'timestamp', 'id', 'a'.repeat(300), 'é'.repeat(1500), '('.repeat(999)],
]
const AUTHORIZATIONS = [
  ...[
    '',
    ' ',
    'Bearer',
    'Bearer ',
    'bearer x',
    'Bearer x.y.z',
    'Bearer ..',
    'Basic YTpi',
    'Negotiate',
  ],
  ...['Bearer eyJhbGciOiJub25lIn0.e30.', 'AWS4-HMAC-SHA256', 'AWS4-HMAC-SHA256 Credential='],
  'AWS4-HMAC-SHA256 Credential=app:shop/20260101/us-east-1/para/aws4_request, SignedHeaders=host;x-amz-date, Signature=0',
  'AWS4-HMAC-SHA256 Credential=app:shop/99999999/us-east-1/para/aws4_request,SignedHeaders=,Signature=',
]

const text = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...HOSTILE) },
  { weight: 1, arbitrary: fc.string({ maxLength: 60 }) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
)

const damage: fc.Arbitrary<Damage> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  how: fc.constantFrom('replace', 'insert', 'cut', 'repeat'),
  by: fc.constantFrom('A', '.', '=', '/', ' ', ',', '%', '\t', 'é', '"', '0'),
})
const maybeDamage = fc.option(damage, { nil: undefined, freq: 1 })

export function damaged(good: string, change: Damage | undefined): string {
  if (change === undefined) return good
  const at = Math.floor(change.at * good.length)
  const [before, after] = [good.slice(0, at), good.slice(at)]
  if (change.how === 'cut') return before
  if (change.how === 'repeat') return before + after + after
  return before + change.by + (change.how === 'insert' ? after : after.slice(1))
}

/** As it is, percent-encoded, or percent-encoded twice. */
function encodings(value: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const encode = (raw: string): string => encodeURIComponent(raw.toWellFormed())
  return fc.oneof(
    { weight: 1, arbitrary: value },
    { weight: 3, arbitrary: value.map(encode) },
    { weight: 1, arbitrary: value.map((raw) => encode(encode(raw))) },
  )
}

interface Asked {
  readonly method: string
  readonly path: string
}

const route: fc.Arbitrary<Asked> = fc
  .tuple(fc.constantFrom(...ROUTES), encodings(text))
  .map(([[method, template], segment]) => ({
    method,
    path: template.replaceAll(/\{\w+\}/g, () => segment),
  }))

/** Routes whose path has been changed. */
function near<Change>(
  change: fc.Arbitrary<Change>,
  apply: (path: string, change: Change) => string,
): fc.Arbitrary<Asked> {
  return fc
    .tuple(route, change)
    .map(([{ method, path }, by]) => ({ method, path: apply(path, by) }))
}

const ENDS = fc.constantFrom('/', '//', '/..', '/%2e%2e/', '%20', ';x=1', '.json', '%00')
const STARTS = fc.constantFrom('/', '/mount', '/./', '/v1/..', `http://${EVIL}`, '\\', '/%2f')

const asked: fc.Arbitrary<Asked> = fc.oneof(
  { weight: 12, arbitrary: route },
  { weight: 2, arbitrary: near(ENDS, (path, end) => path + end) },
  { weight: 2, arbitrary: near(STARTS, (path, start) => start + path) },
  { weight: 1, arbitrary: near(fc.constant(''), (path) => path.toUpperCase()) },
  { weight: 1, arbitrary: near(damage, damaged) },
  { weight: 1, arbitrary: near(encodings(text), (_path, raw) => `/${raw}`) },
  {
    weight: 3,
    arbitrary: fc.tuple(route, fc.constantFrom(...METHODS)).map(([{ path }, method]) => ({
      method,
      path,
    })),
  },
)

const query = fc
  .array(fc.tuple(fc.constantFrom(...PARAMETERS), encodings(text)), { maxLength: 5 })
  .map((pairs) => pairs.map(([name, value]) => `${name}=${value}`).join('&'))

const line = fc.tuple(asked, query).map(([{ method, path }, parameters]) => ({
  method,
  target: onOneLine(parameters === '' ? path : `${path}?${parameters}`),
}))

/** What would end the request line is the subject of another row. */
function onOneLine(raw: string): string {
  return raw.replace(/[ \r\n]/g, '%20')
}

const FIELDS = ['provider', 'appid', 'token', 'value', 'name', 'email', 'groups', 'active', 'id']
const KNOWN_SETTINGS = [
  'signin_success',
  'az_secret',
  'security.strict',
  'session_timeout',
  '__proto__',
]

const json = fc
  .dictionary(
    fc.constantFrom(...FIELDS, ...KNOWN_SETTINGS),
    fc.oneof(text, fc.jsonValue({ maxDepth: 3 }), fc.constantFrom('amazon', 'AMAZON')),
    { maxKeys: 5 },
  )
  .map((fields) => JSON.stringify(fields))

const bodyText = fc.oneof(
  { weight: 4, arbitrary: json },
  { weight: 2, arbitrary: query },
  { weight: 1, arbitrary: fc.tuple(json, damage).map(([good, change]) => damaged(good, change)) },
  { weight: 1, arbitrary: text },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '[]',
      'null',
      '"x"',
      '{"__proto__":{"polluted":true}}',
      '{"constructor":{"prototype":{"polluted":true}}}',
      `${'['.repeat(5_000)}${']'.repeat(5_000)}`,
      `{"value":${'{"a":'.repeat(500)}1${'}'.repeat(500)}}`,
      `code=${'a'.repeat(40_000)}`,
      '--x\r\ncontent-disposition: form-data; name="code"\r\n\r\n1\r\n--x--\r\n',
    ),
  },
)

const NO_BODY: FuzzBody = { type: undefined, text: '', encoding: 'utf8' }
const body: fc.Arbitrary<FuzzBody> = fc.oneof(
  { weight: 1, arbitrary: fc.constant(NO_BODY) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.option(fc.constantFrom(...TYPES), { nil: undefined }),
      text: bodyText,
      encoding: fc.constantFrom('utf8' as const, 'latin1' as const),
    }),
  },
)

const headers = fc.uniqueArray(fc.tuple(fc.constantFrom(...HEADERS), text.map(onOneLine)), {
  maxLength: 4,
  selector: ([name]) => name,
})

const authorization: fc.Arbitrary<FuzzAuthorization> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ kind: 'none' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('text' as const),
      text: fc.oneof(fc.constantFrom(...AUTHORIZATIONS), text.map(onOneLine)),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('bearer' as const),
      token: fc.constantFrom(...TOKENS),
      damage: maybeDamage,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('signed' as const),
      as: fc.constantFrom(...SIGNERS),
      damage: maybeDamage,
    }),
  },
)

const cookie: fc.Arbitrary<FuzzCookie> = fc.record({
  of: fc.constantFrom(...COOKIES),
  damage: maybeDamage,
  isTwice: fc.boolean(),
})

/** Any request to any route, near it, or beside it. */
export const anyRequest: fc.Arbitrary<FuzzRequest> = fc
  .record({
    line,
    headers,
    body,
    authorization,
    cookie: fc.option(cookie, { nil: undefined }),
  })
  .map(({ line: { method, target }, ...rest }) => ({ method, target, ...rest }))
  .filter((request) => !endsTheRun(request))

/** What a good caller may do, but that would leave the rest of the run without good callers. */
function endsTheRun({ method, target: asked }: FuzzRequest): boolean {
  const of = asked.toLowerCase()
  if (of.includes('_newkeys')) return method === 'POST'
  return method === 'DELETE' && (of.includes('/apps/') || of.includes('jwt_auth'))
}
