import type { IncomingUser } from '../store/incoming'
import { believableTime } from '../believable-time'

/** It is no user; the message says why, and holds nothing of it. */
export class UserLineError extends Error {
  override readonly name = 'UserLineError'
}

type Fields = Readonly<Record<string, unknown>>

const TEXTS = ['email', 'name', 'picture', 'groups'] as const
const KNOWN: ReadonlySet<string> = new Set([
  ...['amazon_user_id', 'identifier', 'id', 'active', 'created_at', 'updated_at'],
  ...TEXTS,
])

/**
 * Reads a user of another system: `{"amazon_user_id": "amzn1.account.…", "email": …, "name": …}`.
 *
 * @throws {UserLineError}
 */
export function parseUserLine(appId: string, value: unknown): IncomingUser {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UserLineError('it is no object')
  }
  const fields = value as Fields
  const unknown = Object.keys(fields).find((name) => !KNOWN.has(name))
  if (unknown !== undefined) {
    throw new UserLineError(`a user has no field ${JSON.stringify(unknown.slice(0, 40))}`)
  }
  const identifier = identifierOf(fields)
  const times = {
    createdAtMs: timeOf(fields, 'created_at'),
    updatedAtMs: timeOf(fields, 'updated_at'),
  }
  const texts = TEXTS.map((name) => [name, textOf(fields, name)] as const)
  const told = [...texts, ...Object.entries(times)].filter(([, each]) => each !== undefined)
  return {
    appId,
    // Who has none there is told from others by what leads to them.
    id: textOf(fields, 'id') ?? identifier,
    identifier,
    active: fields.active !== false,
    ...(Object.fromEntries(told) as Partial<IncomingUser>),
  }
}

function identifierOf(fields: Fields): string {
  const amazonId = textOf(fields, 'amazon_user_id')
  const identifier = textOf(fields, 'identifier') ?? (amazonId && `az:${amazonId}`)
  if (identifier !== undefined) return identifier
  throw new UserLineError('a user needs "amazon_user_id", by which Amazon names a person')
}

/** Numbers are taken as they are written; null and blank text are as good as absent. */
function textOf(fields: Fields, name: string): string | undefined {
  const value = fields[name]
  if (value === null || value === undefined) return undefined
  if (typeof value === 'number') return String(value)
  if (typeof value !== 'string') throw new UserLineError(`"${name}" must be text`)
  return value.trim() === '' ? undefined : value.trim()
}

/** Milliseconds since 1970, or a date and time such as databases write them; one to come is as good as absent. */
function timeOf(fields: Fields, name: string): number | undefined {
  const value = fields[name]
  if (value === null || value === undefined || value === '') return undefined
  const time = typeof value === 'string' ? Date.parse(value) : value
  if (typeof time === 'number' && Number.isSafeInteger(time) && time > 0) {
    return believableTime(time)
  }
  throw new UserLineError(
    `"${name}" must be milliseconds since 1970, or such as 2026-11-28T10:00:00Z`,
  )
}
