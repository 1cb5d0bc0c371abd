import { findScopeProblem, scopeNames } from '../amazon/scopes'
import type { CheckedApp } from './checked-app'
import type { Site } from './site'

/** Which setting is to be corrected where something is wrong with the scopes of an app, and where it stands. */
export function scopeToCorrect(
  { app, originOf }: CheckedApp,
  site: Site,
): { readonly key: string; readonly origin: string | undefined } {
  const { scope, voluntary } = site.scopesOf(app)
  const essential = scopeNames(scope).filter((name) => !voluntary.includes(name))
  const isVoluntary =
    findScopeProblem(essential.join(' ')) === undefined &&
    findScopeProblem(voluntary.join(' ')) !== undefined
  const key = isVoluntary ? 'amazon.voluntary_scope' : 'amazon.scope'
  return { key, origin: originOf(key) ?? site.originOf(key) }
}
