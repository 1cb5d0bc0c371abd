import type { Config } from './config'

/** A configured app that has no keys at Amazon. */
export interface KeylessApp {
  readonly app: string
  /** What to say of it. */
  readonly warning: string
}

/** @param expectsRoot Whether the root app was meant to have keys. */
export function findKeylessApps(config: Config, expectsRoot = false): readonly KeylessApp[] {
  const children = Object.entries(config.apps)
    .filter(([, app]) => app.az_app_id === undefined && app.az_secret === undefined)
    .map(([id]) => keyless(id, `para.apps.${id}.`))
  const hasRootKeys = config.azAppId !== undefined || config.azSecret !== undefined
  return expectsRoot && !hasRootKeys ? [keyless(config.appName, 'para.'), ...children] : children
}

function keyless(app: string, prefix: string): KeylessApp {
  const keys = `${prefix}az_app_id and ${prefix}az_secret`
  const warning =
    `App ${app}: ${keys} are not set, so nobody can sign in to it, unless it has got them over the API. ` +
    'If they are to come from environment variables, those are empty.'
  return { app, warning }
}
