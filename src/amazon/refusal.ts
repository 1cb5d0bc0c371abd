import type { AmazonAnswer } from './request-json'

/** What Amazon refuses a request for. */
export interface Refusal {
  /** For comparing: its spelling varies (`invalid_client`, `InvalidClient`), so letters alone, in lower case. */
  readonly name: string
  /** For the log: as sent, cut. */
  readonly error: string | undefined
}

/** Errors that say the app's keys are wrong, not what was sent with them. */
export const CLIENT_ERRORS: ReadonlySet<string> = new Set(['invalidclient', 'unauthorizedclient'])

export function parseRefusal({ body }: AmazonAnswer): Refusal {
  const error = typeof body.error === 'string' ? body.error.slice(0, 40) : undefined
  return { name: error?.toLowerCase().replace(/[^a-z]/g, '') ?? '', error }
}
