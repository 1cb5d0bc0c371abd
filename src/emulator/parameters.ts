import type { Request } from 'express'
import { refusal, type Refused } from './answer'

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

/** Name of the first parameter that stands there more than once. */
export function findRepeated(params: URLSearchParams): string | undefined {
  return [...params.keys()].find((name) => params.getAll(name).length > 1)
}

/** Refuses a form in which any parameter is repeated, with Amazon's `invalid_request`. */
export function refuseRepeated(params: URLSearchParams): void {
  const name = findRepeated(params)
  if (name !== undefined) throw invalidRequest(`The request repeats a parameter : ${name}`)
}

/** The parameter's value; refuses with Amazon's text when it is missing or empty. */
export function getParameter(params: URLSearchParams, name: string): string {
  const value = params.get(name)
  if (value === null || value === '') throw missingParameter(name)
  return value
}

export function missingParameter(name: string): Refused {
  return invalidRequest(`The request is missing a required parameter : ${name}`)
}

export function invalidRequest(description: string): Refused {
  return refusal(400, 'invalid_request', description)
}

/** Parameters as a plain record; a repeated one becomes a list. */
export function toRecord(params: URLSearchParams): Record<string, string | string[]> {
  const record = new Map<string, string | string[]>()
  for (const name of params.keys()) {
    const values = params.getAll(name)
    record.set(name, values.length > 1 ? values : (values[0] ?? ''))
  }
  return Object.fromEntries(record)
}
