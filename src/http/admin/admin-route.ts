import type { AppJson } from '../../apps/app-json'
import type { Request, Response } from 'express'

import type { AdminTexts } from '../../pages/admin/texts/en'
import type { AuthServices, ShownPart } from '../auth-services'
import type { AdminSession } from './admin-session'

/** Who works with the pages for operators. */
export interface Operator {
  /** Who changes are told to be by, as `audit/actor.ts` writes it: whoever holds the keys of an app, or a user of the root app. */
  readonly actor: string
  /** For people: the name of the app or of the user. */
  readonly name: string
  /** The one app that they see; undefined: all. */
  readonly appId: string | undefined
}

/** One request to a page for operators, by somebody who may see it. */
export interface AdminVisit {
  readonly req: Request
  readonly res: Response
  readonly services: AuthServices
  /** Path that all pages lie below, the mount with it, e.g. `/admin`. Every link begins with it. */
  readonly base: string
  readonly operator: Operator
  readonly session: AdminSession
  /** Decoded parts of the path, by their names in that of the route. */
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  /** Of a POST; empty otherwise. Its token has been checked. */
  readonly form: URLSearchParams
  readonly texts: AdminTexts
}

/** A request to a page of one app. */
export interface AppVisit extends AdminVisit {
  readonly app: AppJson
}

interface RouteOf<V> {
  readonly method: 'GET' | 'POST'
  /** Below the pages, e.g. `/apps/:app/users/:user`. */
  readonly path: string
  /** What it shows. Where the store of the host lacks that, the page says so. */
  readonly shows?: ShownPart
  /** Answers. What it throws is shown as a page. */
  readonly handle: (visit: V) => Promise<void>
}

/** A page for operators who see every app. */
export interface RouteOfAll extends RouteOf<AdminVisit> {
  readonly access: 'all'
}

/** A page of the app that `:app` names: for operators of all apps, and for its own. To others it is not there. */
export interface RouteOfApp extends RouteOf<AppVisit> {
  readonly access: 'app'
}

export type AdminRoute = RouteOfAll | RouteOfApp
