import { normalizeAppId } from '../../apps/app-id'

/** What an app's name comes to, where that is not what was typed; undefined where it is. */
export function explainName(typed: string): string | undefined {
  const id = normalizeAppId(typed)
  if (typed === id || typed === `app:${id}`) return undefined
  return `${JSON.stringify(typed)} is the app ${id}: of a name stay letters, digits, dash, underscore and dot, and white space becomes a dash.`
}
