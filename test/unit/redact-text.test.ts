import { redactText } from '../../src/redact-text'

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
