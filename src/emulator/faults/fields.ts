import { sendAnswer, type Answer } from '../answer'
import type { FaultAction, FaultParams } from './fault'

const STRANGER = 'amzn1.account.AEMUL2SOMEBODY3ELSE4'

/** The true answer with other fields. */
export const FIELD_FAULTS = {
  // The token
  no_token: withoutField('access_token'),
  empty_token: withField('access_token', ''),
  token_crlf: withField('access_token', 'Atza|split\r\nx-injected: 1'),

  // The profile
  user_id_missing: withoutField('user_id'),
  user_id_number: withField('user_id', 42),
  user_id_object: withField('user_id', { id: 'amzn1.account.A' }),
  user_id_array: withField('user_id', ['amzn1.account.A']),
  user_id_huge: withLongField('user_id', 1024 * 1024),
  user_id_with_colon: withField('user_id', 'amzn1.account:A'),
  user_id_with_spaces: withField('user_id', ' amzn1.account. A '),
  user_id_mismatch: withField('user_id', STRANGER),
  name_null: withField('name', null),
  email_null: withField('email', null),
  long_name: withLongField('name', 10_000),
  nul_name: withField('name', 'Ada\u0000Lindqvist'),
  emoji_name: withField('name', 'Zoë 👩‍👩‍👧‍👦 अदिति 林'),
  /** In the shape that old clients of Amazon still know. */
  nested_profile: edited(({ user_id, name, email, postal_code }) => ({
    Profile: { CustomerId: user_id, Name: name, PrimaryEmail: email, PostalCode: postal_code },
  })),
  extra_fields: edited((fields) => ({ ...fields, is_adult: true, address: { lines: ['', null] } })),

  // The token's description
  wrong_aud: withField('aud', `amzn1.application-oa2-client.${'0'.repeat(32)}`),
  wrong_iss: withField('iss', 'https://issuer.invalid'),
}

type Fields = Record<string, unknown>

/** Changes the fields of a JSON answer of status 200; lets any other answer pass as it is. */
function edited(edit: (fields: Fields, params: FaultParams) => Fields): FaultAction {
  return ({ res, answer, params }) => {
    const whole = answer()
    const fields = fieldsOf(whole)
    sendAnswer(res, fields ? { ...whole, body: JSON.stringify(edit(fields, params)) } : whole)
  }
}

/** Gives one field another value. */
function withField(name: string, value: unknown): FaultAction {
  return edited((fields) => ({ ...fields, [name]: value }))
}

/** Gives one field a text of `bytes` letters. */
function withLongField(name: string, defaultBytes: number): FaultAction {
  return edited((fields, { bytes = defaultBytes }) => ({ ...fields, [name]: 'a'.repeat(bytes) }))
}

/** Leaves one field out. */
function withoutField(name: string): FaultAction {
  return edited((fields) =>
    Object.fromEntries(Object.entries(fields).filter(([field]) => field !== name)),
  )
}

function fieldsOf({ status, headers, body }: Answer): Fields | undefined {
  if (status !== 200 || headers['content-type'] !== 'application/json') return undefined
  return JSON.parse(body.toString()) as Fields
}
