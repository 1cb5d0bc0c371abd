import type { App } from './app'

/** Works something out of an app's settings once, for as long as the app is remembered: a change makes another `App`. */
export function perApp<T>(workOut: (app: App) => T): (app: App) => T {
  const known = new WeakMap<App, { readonly result: T }>()
  return (app) => {
    const found = known.get(app)
    if (found !== undefined) return found.result
    const result = workOut(app)
    known.set(app, { result })
    return result
  }
}
