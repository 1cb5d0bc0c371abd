import type { AdminRoute } from './admin-route'

/** A route, and what its path names in the one that was asked for. */
export interface Match {
  readonly route: AdminRoute
  readonly params: Readonly<Record<string, string>>
}

/** @param path Below the pages, as it was asked for, e.g. `/apps/shop`. */
export type MatchRoute = (path: string) => readonly Match[]

/** Finds the routes of a path, one for each of its methods. */
export function createMatchRoute(routes: readonly AdminRoute[]): MatchRoute {
  const patterns = routes.map((route) => ({ route, parts: route.path.split('/') }))
  return (path) => {
    const asked = path.replace(/(?<=.)\/$/, '').split('/')
    return patterns.flatMap(({ route, parts }) => {
      const params = matchParts(parts, asked)
      return params === undefined ? [] : [{ route, params }]
    })
  }
}

function matchParts(
  parts: readonly string[],
  asked: readonly string[],
): Record<string, string> | undefined {
  if (parts.length !== asked.length) return undefined
  const params: [string, string][] = []
  for (const [at, part] of parts.entries()) {
    const text = asked[at] ?? ''
    if (!part.startsWith(':')) {
      if (part !== text.toLowerCase()) return undefined
      continue
    }
    const decoded = decode(text)
    if (decoded === undefined || decoded === '') return undefined
    params.push([part.slice(1), decoded])
  }
  return Object.fromEntries(params)
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
