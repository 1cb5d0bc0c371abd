import type { Request } from 'express'

import { normalizeAppId } from '../apps/app-id'
import type { SessionServices, Hooks } from './auth-services'
import { runHook } from './run-hook'

/**
 * The app that a parameter names.
 *
 * @returns Its id; undefined when the parameter is missing or blank. Text of which nothing usable is left names an app
 *   that is not there (''), not the root app.
 */
export function namedApp(parameter: string | undefined): string | undefined {
  return parameter === undefined || parameter.trim() === '' ? undefined : normalizeAppId(parameter)
}

type ResolveApp = NonNullable<Hooks['resolveApp']>

/** What a hook has said of a request: it is asked once, however many want to know. */
const answers = new WeakMap<
  Request,
  { readonly hook: ResolveApp; readonly appId: Promise<string | undefined> }
>()

/**
 * The app of a request that names none itself: the one that the host names for it, else the root app.
 *
 * @throws {AmazonAuthError} `hook_failed`
 */
export async function hostsAppId(
  req: Request,
  { hooks: { resolveApp: hook }, apps }: Pick<SessionServices, 'hooks' | 'apps'>,
): Promise<string> {
  if (hook === undefined) return apps.rootId
  const known = answers.get(req)
  if (known?.hook === hook) return (await known.appId) ?? apps.rootId
  const appId = runHook(async () => namedApp((await hook(req)) ?? undefined))
  answers.set(req, { hook, appId })
  return (await appId) ?? apps.rootId
}

/**
 * The app whose users a request is about, where nothing else tells: the one that the host names for it (the root app
 * where the host names none), or the only one that there is.
 *
 * @returns Undefined: there are several, and nothing names one.
 * @throws {AmazonAuthError} `hook_failed`, `store_unavailable`
 */
export async function requestApp(
  req: Request,
  services: SessionServices,
): Promise<string | undefined> {
  const { hooks, apps } = services
  if (hooks.resolveApp !== undefined) return hostsAppId(req, services)
  await services.ready()
  return apps.findSole()
}
