import { ERRORS } from '../../src/errors'
import { MAX_TEXT_CHARACTERS, redactText, SECRETS } from '../../src/redact-text'
import { countRegExpSteps } from '../support/count-regexp-steps'

const KEY = 'D9qn-TGFYv7p_mzk_zdx0hoOshDUOnv8cYHyVsBqp-4'

test.each([
  ['got Atza|IwEBIabc.d-e_f, again', 'got [redacted], again'],
  ['Atzr|IwEBIabc', '[redacted]'],
  ['client amzn1.oa2-cs.v1.0123abcd refused', 'client [redacted] refused'],
  ['jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.sig-na_ture!', 'jwt [redacted]!'],
  [
    '/amazon_auth?code=ANBzsjhYZmNCTeAszagk&state=acme~x',
    '/amazon_auth?code=[redacted]&state=[redacted]',
  ],
  ['{"az_secret":"s3cret","app":"acme"}', '{"az_secret":[redacted],"app":"acme"}'],
  ['Authorization: Bearer abc.def', 'Authorization: Bearer [redacted]'],
  ['cookie __Host-amazon-auth=s%3Aid.sig; a=b', 'cookie __Host-amazon-auth=[redacted]; a=b'],
  ['postgres://auth:hunter2@db/auth is gone', 'postgres://auth:[redacted]@db/auth is gone'],
  [`no key ${KEY}.`, 'no key [redacted].'],
])('%s', (text, redacted) => {
  expect(redactText(text)).toBe(redacted)
})

test.each([
  'exchange_code',
  'code_rejected',
  '/v1/_settings/security.hosturl_aliases',
  'https://acme.example/in?page=2',
  '7189230481923048192',
  '3f2b8c1e-9d4a-4b7f-8a6e-2c5d1e0f9b8a',
  'SQLITE_BUSY: database is locked',
  '192.0.2.0/24',
])('%s stays as it is', (text) => {
  expect(redactText(text)).toBe(text)
})

test.each([
  ['{"password":"with \\" a quote","a":1}', '{"password":[redacted],"a":1}'],
  ['body "{\\"az_secret\\":\\"s3cret\\"}" refused', 'body "{\\"az_secret\\":\\[redacted] refused'],
  ['{"__Host-amazon-auth":"s:id.sig"}', '{"__Host-amazon-auth":[redacted]}'],
  ['{"password":"cut off', '{"password":[redacted]'],
])('%s, as JSON comes in messages', (text, redacted) => {
  expect(redactText(text)).toBe(redacted)
})

/** What could make a pattern begin again and again over the same text. */
const REPEATED = [
  ...[
    'a-',
    'amazon-auth',
    'x.amazon-login-',
    '://a:',
    'x:',
    '"code"',
    '"code" :',
    '"',
    '\\"',
    'code=',
  ],
  ...[
    'Bearer ',
    'Basic\t',
    'eyJ',
    'eyJabcdefgh.',
    'Atza|',
    'amzn1.oa2-cs.',
    ' ',
    '\n',
    'f',
    '-',
    `${KEY} `,
  ],
]

test.each(REPEATED)('twice as much of %j takes at most about twice the steps', (piece) => {
  const steps = (repeats: number): number =>
    SECRETS.map((secret) => countRegExpSteps(secret, piece.repeat(repeats))).reduce((a, b) => a + b)
  const repeats = Math.ceil(300 / piece.length)
  expect(steps(repeats * 2)).toBeLessThan(steps(repeats) * 2.6)
})

test('of a text without bounds only the beginning is looked at, and how much was left out is told', () => {
  const looked: number[] = []
  const replace = jest.spyOn(String.prototype, 'replace').mockImplementation(function (
    this: string,
  ) {
    looked.push(this.length)
    return this
  })
  const text = redactText(`INSERT code=${'x y '.repeat(20_000)}`)
  replace.mockRestore()
  expect(Math.max(...looked)).toBeLessThanOrEqual(MAX_TEXT_CHARACTERS + 1)
  expect(looked).toHaveLength(SECRETS.length)
  expect(text).toMatch(/^INSERT .{4000,4090}… \(759\d\d more characters\)$/)
})

test.each([
  'Atza|IwEBIabcdefghijk',
  'amzn1.oa2-cs.v1.0123abcdefgh',
  'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.sig-na_ture',
  'code=ANBzsjhYZmNCTeAszagk',
  '{"az_secret":"s3cret with spaces & signs, <too>"}',
  'Bearer abc&def;ghi<jkl>mno',
  'postgres://auth:hunter2&then,and)else@db/auth',
  'amazon-auth=s%3Aid.signature',
  KEY,
])('wherever a text is cut, nothing is left of %s', (secret) => {
  const known = redactText(`${secret} `)
  for (let cut = 1; cut < secret.length; cut += 1) {
    const before = 'word '.repeat(MAX_TEXT_CHARACTERS).slice(-(MAX_TEXT_CHARACTERS - cut))
    const left = redactText(`${before}${secret} ${'after '.repeat(1_000)}`).replace(
      /^(?:o?r?d? |word )*/,
      '',
    )
    for (const piece of piecesOf(secret, known)) expect(left).not.toContain(piece)
  }
})

/** Pieces of four characters that stand in a secret, but not where it is shown masked. */
function piecesOf(secret: string, masked: string): readonly string[] {
  const pieces = Array.from({ length: secret.length - 3 }, (_, at) => secret.slice(at, at + 4))
  return pieces.filter((piece) => !masked.includes(piece))
}

test.each(Object.entries(ERRORS))(
  'what is advised about %s is written as it stands',
  (_code, { advice, message }) => {
    expect([redactText(advice), redactText(message)]).toEqual([advice, message])
  },
)
