import { sendAnswer, type Answer } from '../answer'
import type { FaultAction, FaultParams } from './fault'

type Fields = Record<string, unknown>

/** Changes the fields of a JSON answer of status 200; lets any other answer pass as it is. */
export function edited(edit: (fields: Fields, params: FaultParams) => Fields): FaultAction {
  return ({ res, answer, params }) => {
    const whole = answer()
    const fields = fieldsOf(whole)
    sendAnswer(res, fields ? { ...whole, body: JSON.stringify(edit(fields, params)) } : whole)
  }
}

/** Gives one field another value. */
export function withField(name: string, value: unknown): FaultAction {
  return edited((fields) => ({ ...fields, [name]: value }))
}

/** Gives one field a text of `bytes` letters. */
export function withLongField(name: string, defaultBytes: number): FaultAction {
  return edited((fields, { bytes = defaultBytes }) => ({ ...fields, [name]: 'a'.repeat(bytes) }))
}

/** Leaves one field out. */
export function withoutField(name: string): FaultAction {
  return edited((fields) =>
    Object.fromEntries(Object.entries(fields).filter(([field]) => field !== name)),
  )
}

/** The profile in the shape that old clients of Amazon still know. */
export const nestedProfile = edited(({ user_id, name, email, postal_code }) => ({
  Profile: { CustomerId: user_id, Name: name, PrimaryEmail: email, PostalCode: postal_code },
}))

function fieldsOf({ status, headers, body }: Answer): Fields | undefined {
  if (status !== 200 || headers['content-type'] !== 'application/json') return undefined
  return JSON.parse(body.toString()) as Fields
}
