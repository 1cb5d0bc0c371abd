import type { Request, Response } from 'express'

import { normalizeAppId } from '../apps/app-id'
import { AmazonAuthError } from '../errors'
import type { SessionServices } from './auth-services'
import { ANY_APP, type Demand, type NameApp } from './guard-options'
import { requestApp } from './request-app'
import type { Passage } from './req-amazon-auth'

/** A request at a guard. */
export interface Guarded {
  readonly req: Request
  readonly res: Response
  readonly passage: Passage
  /** Once it is worked out: whoever names the app is asked once. */
  rule?: Promise<Rule>
}

/** Whom a guard lets in. */
export interface Rule {
  /** Undefined: users of any app. */
  readonly appId: string | undefined
  /** Whether somebody has said so. */
  readonly isNamed: boolean
}

/** @throws {AmazonAuthError} `hook_failed`, `store_unavailable` */
export function ruleFor(
  guarded: Guarded,
  demand: Demand,
  services: SessionServices,
): Promise<Rule> {
  guarded.rule ??= findRule(guarded, demand, services)
  return guarded.rule
}

async function findRule(
  { req, passage: { installation } }: Guarded,
  { app: named, signIn }: Demand,
  services: SessionServices,
): Promise<Rule> {
  if (named === ANY_APP) return { appId: undefined, isNamed: true }
  if (typeof named === 'string') return { appId: named, isNamed: true }
  if (named !== undefined) {
    const appId = await askForApp(named, req)
    if (appId === '') installation.warnOnce(services, NAMELESS)
    return { appId, isNamed: true }
  }
  const appId = await requestApp(req, services)
  if (appId !== undefined) return { appId, isNamed: true }
  installation.warnOnce(services, signIn ? `${UNNAMED} ${TO_ROOT}` : UNNAMED)
  return { appId, isNamed: false }
}

const UNNAMED =
  "requireUser() stands before a route and nothing names the app whose users may pass; there is more than one, so a user of any app is let in (with security.strict: nobody). Name it, requireUser({ app: 'shop' }), also by a function of the request, or set the hook resolveApp, which holds for all guards. requireUser({ app: '*' }) says any app on purpose."

const TO_ROOT =
  'With signIn: true, people are sent to sign in to the root app, which cannot be done where the root app has no az_app_id and az_secret.'

const NAMELESS =
  'the function that is the option "app" of a requireUser() named no app for a request, so nobody passes. It must return the id of an app.'

async function askForApp(nameApp: NameApp, req: Request): Promise<string> {
  try {
    const named = await nameApp(req)
    return typeof named === 'string' ? normalizeAppId(named) : ''
  } catch (cause) {
    throw new AmazonAuthError('hook_failed', { hook: 'requireUser app' }, cause)
  }
}
