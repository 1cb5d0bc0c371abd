import type { RequestHandler } from 'express'

/** One thing that is mounted, as the routers of Express 4 and 5 keep it; each of them has some of this. */
export interface Layer {
  readonly name?: unknown
  readonly handle?: unknown
  /** What it is mounted under, as it was written (Express 5). */
  readonly rawPath?: unknown
  /** The same, where it is the root (Express 5). */
  readonly slash?: unknown
  /** The same as an expression (Express 4). */
  readonly regexp?: RegExp & { readonly fast_slash?: boolean }
  readonly route?: { readonly stack?: readonly Layer[]; readonly methods?: object }
  /** True, or what has matched (later versions of Express 5). */
  readonly match?: (path: string) => unknown
}

/** Where something is mounted. */
export interface Place {
  /** Empty: the root; undefined: it cannot be read. */
  readonly path: string | undefined
  /** Whether something before it answers every request, so that none gets to it. */
  readonly isBehindAnswer: boolean
}

const PLAIN = /^(?:\/[\w.~-]+)*$/
/** `/^\/auth\/?(?=\/|$)/i`, as path-to-regexp writes a plain path for Express 4. */
const PLAIN_EXPRESSION = /^\^((?:\\?\/[\w~-]+(?:\\?\.[\w~-]+)*)+)\\?\/\?\(\?=\\?\/\|\$\)$/
/** Any path that we answer. */
const OWN_PATH = '/amazon_auth'
const MAX_DEPTH = 8

/**
 * Looks for a middleware among what is mounted, and in routers that are mounted. An app that is mounted, and a function that
 * calls it, cannot be looked into.
 */
export function findPlace(
  layers: readonly Layer[],
  own: RequestHandler,
  depth = 0,
): Place | undefined {
  for (const [index, layer] of layers.entries()) {
    const inner = layer.handle === own ? HERE : findInside(layer, own, depth)
    if (inner === undefined) continue
    const path = join(pathOf(layer), inner.path)
    const before = layers.slice(0, index)
    const isHidden = path !== undefined && before.some((one) => answersAll(one, path + OWN_PATH))
    return { path, isBehindAnswer: inner.isBehindAnswer || isHidden }
  }
  return undefined
}

const HERE: Place = { path: '', isBehindAnswer: false }

function findInside({ handle }: Layer, own: RequestHandler, depth: number): Place | undefined {
  if (typeof handle !== 'function' || depth >= MAX_DEPTH) return undefined
  const { stack } = handle as { readonly stack?: unknown }
  return Array.isArray(stack) ? findPlace(stack as Layer[], own, depth + 1) : undefined
}

function join(outer: string | undefined, inner: string | undefined): string | undefined {
  return outer === undefined || inner === undefined ? undefined : outer + inner
}

/** As it was written, where that is plain text: undefined for patterns, lists, and versions that do not show it. */
function pathOf({ rawPath, slash, regexp }: Layer): string | undefined {
  if (slash === true || regexp?.fast_slash === true) return ''
  const written =
    typeof rawPath === 'string'
      ? rawPath.replace(/\/$/, '')
      : PLAIN_EXPRESSION.exec(regexp?.source ?? '')?.[1]?.replace(/\\/g, '')
  return written !== undefined && PLAIN.test(written) ? written : undefined
}

/** What takes a request and its answer alone passes nothing on. */
function answersAll(layer: Layer, path: string): boolean {
  const last = layer.route === undefined ? layer.handle : layer.route.stack?.at(-1)?.handle
  if (typeof last !== 'function' || last.length !== 2 || !isForGet(layer)) return false
  try {
    return Boolean(layer.match?.(path))
  } catch {
    return false
  }
}

function isForGet({ route }: Layer): boolean {
  const methods = (route?.methods ?? {}) as { readonly get?: boolean; readonly _all?: boolean }
  return route === undefined || methods.get === true || methods._all === true
}
