import type { AmazonAxios } from './create-axios'
import { isFailure, type Failure } from './outcome'
import { sendOnce } from './send-once'

/** What came of one small request to a host: its answer of any status, or why there is none. */
export type Knock =
  | {
      readonly status: number
      /** Time that the host names, in milliseconds since 1970. */
      readonly dateMs?: number
      /** Where it sends a browser. */
      readonly location?: string
    }
  | Failure

/**
 * Asks for nothing but the headers of an address (HEAD), as logins reach it: through the same proxy, or by the host's own
 * client. Never rejects.
 *
 * @param limitMs Limit for the answer, connection included, in milliseconds.
 */
export async function knock(address: string, axios: AmazonAxios, limitMs: number): Promise<Knock> {
  const { origin, pathname, search } = new URL(address)
  const endpoint = { origin, path: pathname + search }
  const outcome = await sendOnce({ method: 'HEAD', endpoint }, axios, limitMs)
  if (isFailure(outcome)) return outcome
  const { date, location } = outcome.headers as Readonly<Record<string, unknown>>
  const dateMs = typeof date === 'string' ? Date.parse(date) : NaN
  return {
    status: outcome.status,
    ...(!Number.isNaN(dateMs) && { dateMs }),
    ...(typeof location === 'string' && { location }),
  }
}
