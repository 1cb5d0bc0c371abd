import type { Request, Response } from 'express'

import type { Json } from '../../apps/settings'
import type { Caller } from '../../request-auth/caller'
import type { TokenKind } from '../../tokens/token-kind'
import type { AuthServices } from '../auth-services'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** Who may call: anyone, whoever they are; anyone, and who they are matters; an app or a user; an app; the root app; a user. */
export type Access = 'anyone' | 'optional' | 'caller' | 'app' | 'root' | 'user'

/** A schema of JSON Schema 2020-12, which is that of OpenAPI 3.1. */
export type JsonSchema = Readonly<Record<string, unknown>>

/** One request to an operation: parameters checked against its schemas, caller admitted. */
export interface Call {
  readonly req: Request
  readonly res: Response
  readonly services: AuthServices
  readonly caller: Caller | undefined
  /** Decoded parts of the path. */
  readonly path: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, unknown>>
  readonly body: Readonly<Record<string, Json>>
}

export interface Reply {
  /** Default 200. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON. Absent: an empty body. */
  readonly json?: object | number
  /** Sent as plain text. */
  readonly text?: string
}

export interface Answer {
  readonly description: string
  /** Absent: no body. */
  readonly schema?: JsonSchema
  readonly contentType?: string
  readonly headers?: Readonly<
    Record<string, { readonly description: string; readonly schema: JsonSchema }>
  >
}

/** One call of the API: what routes, checks and answers it, and what documents it. */
export interface Operation {
  readonly id: string
  readonly method: Method
  /** As in OpenAPI, e.g. `/_settings/{key}`. */
  readonly path: string
  /** Other paths to the same, by which clients of Para call it. */
  readonly alsoAt?: readonly string[]
  /** Another method that is taken for the same. */
  readonly alsoBy?: Method
  readonly summary: string
  readonly description?: string
  readonly access: Access
  /** Only where the host leaves users and apps to us: see the option `api.manage`. */
  readonly isManagement?: boolean
  /** Kinds of token it takes from callers of a strict app. Default: session and super tokens. */
  readonly takesTokens?: readonly TokenKind[]
  /** Answers whether or not the store is open. */
  readonly worksAlone?: boolean
  /** Takes `?Authorization=Bearer …` for a header, unless the app is strict. */
  readonly takesTokenInQuery?: boolean
  readonly pathParameters?: Readonly<Record<string, JsonSchema>>
  readonly query?: Readonly<Record<string, JsonSchema>>
  readonly body?: JsonSchema
  /** What a caller is told whose body does not fit, where clients know the words. Default: what is wrong with which field. */
  readonly bodyProblem?: string
  readonly answers: Readonly<Record<number, Answer>>
  /** A request as in the documentation; the tests send it. */
  readonly example?: {
    readonly path?: Readonly<Record<string, string>>
    readonly query?: Readonly<Record<string, string>>
    readonly body?: object
    /** Of the answer. Default 200. */
    readonly status?: number
  }
  readonly handle: (call: Call) => Reply | Promise<Reply>
}
