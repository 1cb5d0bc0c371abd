import type { AmazonAnswer } from './request-json'

/** What Amazon refuses a request for. */
export interface Refusal {
  /** For comparing: its spelling varies (`invalid_client`, `InvalidClient`), so letters alone, in lower case. */
  readonly name: string
  /** For the log: as sent, cut. */
  readonly error: string | undefined
  /** For the log: name of the parameter that Amazon's sentence finds wrong (`redirect_uri`), where it names one. */
  readonly parameter: string | undefined
}

/** Errors that say the app's keys are wrong, not what was sent with them. */
export const CLIENT_ERRORS: ReadonlySet<string> = new Set(['invalidclient', 'unauthorizedclient'])

export function parseRefusal({ body }: AmazonAnswer): Refusal {
  const error = typeof body.error === 'string' ? body.error.slice(0, 40) : undefined
  const name = error?.toLowerCase().replace(/[^a-z]/g, '') ?? ''
  return { name, error, parameter: parameterOf(body.error_description) }
}

/** Nothing else of what Amazon writes is kept: it may repeat what it was sent. */
const PARAMETERS = ['redirect_uri', 'code_verifier', 'code', 'client_id', 'client_secret', 'scope']

/** Amazon writes "The request has an invalid grant parameter : redirect_uri". */
function parameterOf(description: unknown): string | undefined {
  if (typeof description !== 'string') return undefined
  const [, named] = /parameter\s*:\s*([a-z_]{1,20})/i.exec(description.slice(0, 400)) ?? []
  return PARAMETERS.find((parameter) => parameter === named?.toLowerCase())
}
