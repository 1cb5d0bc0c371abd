import type { Fields } from '../../claims/field'
import type { Json } from '../../apps/settings'
import type { Schema } from './schema'

/**
 * An export is JSON lines: a header; then for each app a line of its own, its settings, its webhooks, and its users; then an end,
 * without which it was cut off. The fields are named as the columns are; times are milliseconds since 1970.
 */
export const FORMAT = 'express-amazon-auth'
export const FORMAT_VERSION = 1

export interface HeaderLine {
  readonly type: 'header'
  readonly format: typeof FORMAT
  readonly version: typeof FORMAT_VERSION
  /** ISO 8601. */
  readonly exported_at: string
  /** Whether secrets are in: those of apps and settings sealed as in the store, those of users' tokens as they are. */
  readonly secrets: boolean
  /** How many users follow, as counted before; for those who show progress. */
  readonly users: number
}

export interface AppLine extends Omit<
  Schema['apps'],
  'active' | 'sealed_secret' | 'deleted_at' | 'webhook_events'
> {
  readonly type: 'app'
  readonly active: boolean
  /** In an export with secrets. */
  readonly sealed_secret?: string
}

/** Has either of the two: a secret is sealed, anything else is a value. */
export interface SettingLine {
  readonly type: 'setting'
  readonly app_id: string
  readonly name: string
  readonly value?: Json
  readonly sealed?: string
}

/** Where events of the app are sent. */
export interface WebhookLine {
  readonly type: 'webhook'
  readonly app_id: string
  readonly id: string
  readonly url: string
  readonly events: readonly string[]
  readonly active: boolean
  readonly created_at: number
  readonly updated_at: number
  /** In an export with secrets. */
  readonly sealed?: string
}

export interface UserLine extends Omit<
  Schema['users'],
  'active' | 'token_secret' | 'profile' | 'scopes'
> {
  readonly type: 'user'
  readonly active: boolean
  /** Further fields of the profile; absent: there are none. */
  readonly profile?: Fields
  /** Absent: not known. */
  readonly scopes?: string
  /** In an export with secrets. */
  readonly token_secret?: string
}

export interface EndLine {
  readonly type: 'end'
  readonly apps: number
  readonly users: number
}

export type ExportLine = HeaderLine | AppLine | SettingLine | WebhookLine | UserLine | EndLine
