import type { Request } from 'express'

/** The query as it came: Express's own parsers build objects out of `a[b]`, Amazon does not. */
export function readQuery(req: Request): URLSearchParams {
  const start = req.originalUrl.indexOf('?')
  return new URLSearchParams(start < 0 ? '' : req.originalUrl.slice(start + 1))
}

/** The form, if there is one; its text was read by `express.text`. */
export function readForm(req: Request): URLSearchParams {
  const body: unknown = req.body
  return new URLSearchParams(typeof body === 'string' ? body : '')
}
