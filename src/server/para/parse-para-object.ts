import { normalizeAppId } from '../../apps/app-id'
import { settingsFrom, type Json, type SettingValues } from '../../apps/settings'
import type { Incoming } from '../../store/incoming'
import { believableTime } from '../../believable-time'

/** An object of Para is none that can be read; the message says why, and holds nothing of it. */
export class ParaObjectError extends Error {
  override readonly name = 'ParaObjectError'
}

/** What an object of Para comes to; the rest of what Para keeps has only its type told. */
export type ParaObject = Incoming | { readonly kind: 'other'; readonly type: string }

type Fields = Readonly<Record<string, unknown>>

/** What Para's tokens live for where nobody has said otherwise, in seconds. */
const DEFAULT_TOKEN_SECONDS = 86_400
const AMAZON = 'az:'

/**
 * Reads an object of Para as its backup has it: all fields, secrets among them. `getSettings` of Para 1.51, and what older
 * ones keep as JSON in a text, are read alike.
 *
 * @param tokenSeconds Para's `jwt_expires_after`.
 * @throws {ParaObjectError}
 * @see https://paraio.org/docs/#058-export
 */
export function parseParaObject(value: unknown, tokenSeconds = DEFAULT_TOKEN_SECONDS): ParaObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ParaObjectError('it is no object')
  }
  const fields = value as Fields
  const type = text(fields.type)
  if (type === undefined) throw new ParaObjectError('it has no "type", as every object of Para has')
  if (type === 'app') return { kind: 'app', app: parseApp(fields, tokenSeconds) }
  if (type === 'user') return { kind: 'user', user: parseUser(fields) }
  const leadsToUser = type === 'sysprop' && text(fields.id)?.startsWith(AMAZON) === true
  return leadsToUser ? parseIdentifier(fields) : { kind: 'other', type }
}

function parseApp(fields: Fields, tokenSeconds: number) {
  const id = normalizeAppId(required(fields, 'id', 'app'))
  const secret = text(fields.secret) ?? text(object(fields.credentials).secretKey)
  const life = number(fields.tokenValiditySec)
  const ownLife = life !== undefined && life > 0 && life !== tokenSeconds ? life : undefined
  return {
    id,
    name: (text(fields.name) ?? id).slice(0, 256),
    active: fields.active !== false,
    ...(secret !== undefined && { secret }),
    settings: settingsOf(fields.settings, ownLife),
    ...timesOf(fields),
  }
}

/** Para keeps the life of an app's tokens beside its settings. */
function settingsOf(settings: unknown, tokenSeconds: number | undefined): SettingValues {
  const entries = Object.entries(object(settings)).filter(([, value]) => value !== null)
  const own = tokenSeconds === undefined ? [] : [['session_timeout', tokenSeconds] as const]
  return settingsFrom([...own, ...entries] as [string, Json][])
}

function parseUser(fields: Fields) {
  const optional = {
    email: text(fields.email)?.toLowerCase(),
    name: text(fields.name),
    picture: text(fields.picture),
    groups: text(fields.groups),
    tokenSecret: text(fields.tokenSecret),
  }
  const told = Object.entries(optional).filter(([, value]) => value !== undefined)
  return {
    appId: normalizeAppId(required(fields, 'appid', 'user')),
    id: required(fields, 'id', 'user'),
    identifier: required(fields, 'identifier', 'user'),
    ...(Object.fromEntries(told) as Partial<Record<keyof typeof optional, string>>),
    active: fields.active === true,
    ...timesOf(fields),
  }
}

/** Para keeps each way to a user as an object of its own, whose id is the identifier. */
function parseIdentifier(fields: Fields): ParaObject {
  const [appId, userId] = [text(fields.appid), text(fields.creatorid)]
  if (appId === undefined || userId === undefined) return { kind: 'other', type: 'sysprop' }
  return {
    kind: 'identifier',
    identifier: {
      appId: normalizeAppId(appId),
      identifier: required(fields, 'id', 'sysprop'),
      userId,
      atMs: timesOf(fields).createdAtMs,
    },
  }
}

function timesOf(fields: Fields): { readonly createdAtMs: number; readonly updatedAtMs: number } {
  const createdAtMs = time(fields.timestamp) ?? time(fields.updated) ?? 1
  return { createdAtMs, updatedAtMs: time(fields.updated) ?? createdAtMs }
}

function required(fields: Fields, name: string, type: string): string {
  const value = text(fields[name])
  if (value === undefined) throw new ParaObjectError(`a ${type} needs "${name}", and has none`)
  return value
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
}

function number(value: unknown): number | undefined {
  const read = typeof value === 'string' ? Number(value) : value
  return typeof read === 'number' && Number.isSafeInteger(read) ? read : undefined
}

function time(value: unknown): number | undefined {
  const read = number(value)
  return read === undefined ? undefined : believableTime(read)
}

/** What is none is empty. */
function object(value: unknown): Fields {
  if (typeof value === 'string') return object(parsed(value))
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}

function parsed(value: string): unknown {
  try {
    return JSON.parse(value)
  } catch {
    return undefined
  }
}
