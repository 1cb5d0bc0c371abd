import { Ajv2020, type ErrorObject } from 'ajv/dist/2020'

import { FIELD_NAME, MAX_FIELD_CHARACTERS } from '../../claims/field'
import { MAX_APP_ID_CHARACTERS } from '../../apps/app-id'
import { isStorableText } from '../../is-storable-text'
import { WEBHOOK_EVENTS } from '../../webhooks/webhook-event'
import { FORMAT, FORMAT_VERSION, type ExportLine } from './export-format'

/** A line is none of an export; the message says what is wrong with it, and holds nothing of it. */
export class ExportLineError extends Error {
  override readonly name = 'ExportLineError'
}

const TEXT = { type: 'string' }
/** What API and sign-ins take, and no more. */
const SHORT_TEXT = { type: 'string', maxLength: 256 }
/** `az:` and what Amazon names somebody by, or what an app does. */
const IDENTIFIER = { type: 'string', minLength: 1, maxLength: 260 }
const ADDRESS = { type: 'string', maxLength: 2_048 }
/** As fields of a profile are kept: see claims/field.ts. */
const FIELDS = {
  type: 'object',
  maxProperties: 64,
  propertyNames: { pattern: FIELD_NAME.source },
  additionalProperties: { type: ['string', 'number', 'boolean'], maxLength: MAX_FIELD_CHARACTERS },
}
const NAME = { type: 'string', minLength: 1 }
const SEALED = { type: 'string', pattern: String.raw`^[\w-]+\.[\w-]+$` }
const COUNT = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER }
const BOOLEAN = { type: 'boolean' }
const APP_ID = { type: 'string', pattern: `^[A-Za-z0-9._-]{1,${MAX_APP_ID_CHARACTERS}}$` }

const ajv = new Ajv2020({ strict: false })
const CHECKS = {
  header: check({
    format: TEXT,
    version: COUNT,
    exported_at: TEXT,
    secrets: BOOLEAN,
    users: COUNT,
  }),
  app: check(
    { app_id: APP_ID, name: SHORT_TEXT, active: BOOLEAN, created_at: COUNT, updated_at: COUNT },
    { sealed_secret: SEALED },
  ),
  setting: check({ app_id: APP_ID, name: NAME }, { value: {}, sealed: SEALED }),
  webhook: check(
    {
      app_id: APP_ID,
      id: { type: 'string', pattern: String.raw`^wh_[\w-]{1,64}$` },
      url: { type: 'string', maxLength: 2_048, pattern: '^https?://' },
      events: { type: 'array', items: { enum: WEBHOOK_EVENTS }, minItems: 1 },
      active: BOOLEAN,
      created_at: COUNT,
      updated_at: COUNT,
    },
    { sealed: SEALED },
  ),
  user: check(
    {
      app_id: APP_ID,
      id: { type: 'string', pattern: String.raw`^\d{1,20}$` },
      identifier: IDENTIFIER,
      email: SHORT_TEXT,
      name: SHORT_TEXT,
      picture: ADDRESS,
      groups: SHORT_TEXT,
      active: BOOLEAN,
      session_epoch: { ...COUNT, maximum: 2 ** 31 - 1 },
      created_at: COUNT,
      updated_at: COUNT,
    },
    { token_secret: NAME, profile: FIELDS, scopes: { ...SHORT_TEXT, maxLength: 1_024 } },
  ),
  end: check({ apps: COUNT, users: COUNT }),
} satisfies Record<ExportLine['type'], unknown>

function check(required: object, optional: object = {}) {
  return ajv.compile<ExportLine>({
    type: 'object',
    properties: { type: TEXT, ...required, ...optional },
    required: Object.keys(required),
    additionalProperties: false,
  })
}

/**
 * Reads one line of an export by itself: its form, not whether it stands where it may.
 *
 * @throws {ExportLineError}
 */
export function parseExportLine(text: string): ExportLine {
  const line = parseJson(text)
  const { type } = line
  if (typeof type !== 'string' || !Object.hasOwn(CHECKS, type)) {
    throw new ExportLineError('it is no line of an export: "type" must be one of its kinds')
  }
  if (type === 'header') requireVersion(line)
  const isValid = CHECKS[type as ExportLine['type']]
  if (!isValid(line)) throw new ExportLineError(describe(type, isValid.errors?.[0]))
  // Only written as an escape can a character be one that no store holds: what is decoded from UTF-8 is whole.
  if (text.includes('\\u')) requireStorable(line)
  return line
}

/** Of two identifiers that differ only in what a store cannot hold, it would make one. */
function requireStorable(line: ExportLine): void {
  const fields = line.type === 'user' ? Object.entries(line.profile ?? {}) : []
  for (const [field, value] of [...Object.entries(line), ...fields]) {
    if (typeof value !== 'string' || isStorableText(value)) continue
    throw new ExportLineError(
      `in a line of type ${line.type} ${field} must be well-formed text without NUL`,
    )
  }
}

function parseJson(text: string): Readonly<Record<string, unknown>> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // Its own message would show a piece of the line.
    throw new ExportLineError('it is not whole JSON: the line was cut off or changed')
  }
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

/** Before all else, as the header of another version may have another form. */
function requireVersion({ format, version }: Readonly<Record<string, unknown>>): void {
  if (format !== FORMAT) throw new ExportLineError(`it is no export of ${FORMAT}`)
  if (version === FORMAT_VERSION) return
  throw new ExportLineError(
    `the export is of format version ${JSON.stringify(version).slice(0, 20)}, and this release knows version ` +
      `${FORMAT_VERSION}: import it with the release that made it, or with a newer one`,
  )
}

function describe(type: string, error: ErrorObject | undefined): string {
  const { instancePath = '', message = 'it is not valid', params } = error ?? {}
  const surplus = (params as { additionalProperty?: string } | undefined)?.additionalProperty
  if (surplus !== undefined) return `a line of type ${type} has no field ${surplus.slice(0, 40)}`
  return [`in a line of type ${type}`, instancePath.slice(1), message].filter(Boolean).join(' ')
}
