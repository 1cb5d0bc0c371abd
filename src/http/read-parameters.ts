import type { Request } from 'express'

import { AmazonAuthError } from '../errors'

/** Parameters of a request, by name. */
export interface Parameters<Name extends string> {
  get(name: Name): string | undefined
  /** One that is there twice, as an array or object, or too long; it has no value. */
  readonly spoilt: Name | undefined
}

/**
 * Reads parameters from the query and from a form body; from the raw query, so that no setting of the host's parsers
 * matters.
 *
 * @param maxCharacters The parameters that are read, and how long each may be. Others are passed over.
 * @param hint One that is passed over, too, where it is spoilt.
 */
export function readParameters<Name extends string>(
  req: Request,
  maxCharacters: Readonly<Record<Name, number>>,
  hint?: NoInfer<Name>,
): Parameters<Name> {
  const names = Object.keys(maxCharacters) as Name[]
  const found = new Map<Name, string | undefined>()
  let spoilt: Name | undefined
  for (const [key, value] of [...queryEntries(req), ...formEntries(req)]) {
    const name =
      names.find((known) => key === known) ?? names.find((known) => key.startsWith(`${known}[`))
    if (name === undefined) continue
    const isSpoilt = found.has(name) || key !== name || value.length > maxCharacters[name]
    if (isSpoilt && name !== hint) spoilt ??= name
    found.set(name, isSpoilt ? undefined : value)
  }
  return { get: (name) => found.get(name), spoilt }
}

/** @throws {AmazonAuthError} `callback_invalid`: a parameter is spoilt. */
export function requireSound({ spoilt }: { readonly spoilt: string | undefined }): void {
  if (spoilt !== undefined) throw new AmazonAuthError('callback_invalid', { parameter: spoilt })
}

export function queryEntries(req: Request): Iterable<[string, string]> {
  const start = req.originalUrl.indexOf('?')
  return start < 0 ? [] : new URLSearchParams(req.originalUrl.slice(start + 1))
}

/** What a body parser made of an array or an object counts as given twice. */
function formEntries(req: Request): Iterable<[string, string]> {
  const body: unknown = req.method === 'POST' ? req.body : undefined
  if (typeof body !== 'object' || body === null) return []
  return Object.entries(body).map(([key, value]) =>
    typeof value === 'string' ? [key, value] : [`${key}[`, ''],
  )
}
