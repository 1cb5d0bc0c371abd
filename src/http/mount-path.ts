import type { Request } from 'express'

import { isLocalPath } from './local-path'

const DOT_SEGMENT = /\/(?:\.|%2e){1,2}(?:\/|$)/i
const LITERAL = /^(?:\/[\w.~-]+)*$/

/** Path under which this very request has met the middleware; the root where a browser would read it as anything else. */
export function localMountPath({ baseUrl }: Request): string {
  return isLocalPath(baseUrl) && !DOT_SEGMENT.test(baseUrl) ? baseUrl : ''
}

/** What one request has told of the mount, for all guards outside of it. */
export interface MountPath {
  /** Empty: the root, or nothing is known yet. */
  readonly current: () => string
  readonly learn: (req: Request) => void
}

/**
 * The first plain path counts, and no later one, since visitors choose what they ask for: behind a pattern the path, and
 * everywhere (Express does not look at it) the case of its letters. So it is lower case, unless Express looks.
 *
 * @param told Where the middleware is mounted, by one who knows.
 */
export function createMountPath(told?: string): MountPath {
  let learned = told
  return {
    current: () => learned ?? '',
    learn(req) {
      if (learned !== undefined || !LITERAL.test(req.baseUrl) || DOT_SEGMENT.test(req.baseUrl))
        return
      const tellsCase = req.app.enabled('case sensitive routing')
      learned = tellsCase ? req.baseUrl : req.baseUrl.toLowerCase()
    },
  }
}
