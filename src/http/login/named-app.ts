import { normalizeAppId } from '../../apps/app-id'

/**
 * The app that a parameter names.
 *
 * @returns Its id; undefined when the parameter is missing or blank. Text of which nothing usable is left names an app
 *   that is not there (''), not the root app.
 */
export function namedApp(parameter: string | undefined): string | undefined {
  return parameter === undefined || parameter.trim() === '' ? undefined : normalizeAppId(parameter)
}
