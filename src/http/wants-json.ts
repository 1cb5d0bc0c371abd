import type { Request } from 'express'

/** Whether the client is a script rather than a person: an Ajax call, or one that takes JSON and no HTML. */
export function wantsJson(req: Request): boolean {
  if (req.headers['x-requested-with']?.toString().toLowerCase() === 'xmlhttprequest') return true
  const accept = req.headers.accept?.toLowerCase() ?? ''
  return accept.includes('application/json') && !accept.includes('text/html')
}
