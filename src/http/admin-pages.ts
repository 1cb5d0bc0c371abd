import type { NextFunction, Request, RequestHandler, Response } from 'express'

import type * as AdminModule from './admin/admin-router'
import type { AdminPolicy } from './auth-services'
import type { Connect } from './installation'
import { localMountPath } from './mount-path'
import { findRequestOrigin } from './request-origin'
import { once } from '../lazily'

/**
 * The pages for operators, where the configuration has them. They are loaded by the first request for one; all others
 * fall through, and are compared with a path.
 */
export function createAdminPages(connect: Connect): RequestHandler {
  let pages: AdminPolicy | undefined
  let isKnown = false
  const known = connect()
    .then(({ policy: { admin } }) => {
      if (admin.isOn === true) pages = admin
    })
    // Told to whoever asks for anything else.
    .catch(() => undefined)
    .finally(() => (isKnown = true))

  function route(req: Request, res: Response, next: NextFunction): void {
    const path = pages && pathBelow(pages.path, req)
    if (pages === undefined || path === undefined || !areAdminPagesShown(pages, req)) {
      next()
      return
    }
    answer({ req, res, path }, pages).catch(next)
  }
  async function answer(
    at: { readonly req: Request; readonly res: Response; readonly path: string },
    { path }: AdminPolicy,
  ): Promise<void> {
    const services = await connect()
    const mountPath = localMountPath(at.req)
    await loadRouter().answerAdmin({ ...at, services, mountPath, base: mountPath + path })
  }

  return (req, res, next) => {
    if (isKnown) route(req, res, next)
    else void known.then(() => route(req, res, next))
  }
}

const loadRouter = once(
  // oxlint-disable-next-line typescript/no-require-imports -- loaded at first use
  () => require('./admin/admin-router') as typeof AdminModule,
)

/** The rest of the path of a request behind that of the pages, in any case of its letters; undefined: it is none of them. */
function pathBelow(pages: string, { path }: Request): string | undefined {
  if (path.slice(0, pages.length).toLowerCase() !== pages.toLowerCase()) return undefined
  const rest = path.slice(pages.length)
  if (rest === '' || rest === '/') return '/'
  return rest.startsWith('/') ? rest : undefined
}

/** Whether the pages for operators are there, for a request to the host that it comes to. */
export function areAdminPagesShown({ isOn, origin }: AdminPolicy, req: Request): boolean {
  return isOn === true && (origin === undefined || findRequestOrigin(req) === origin)
}
