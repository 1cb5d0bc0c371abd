import type { ErrorCode } from '../errors'
import type { Report } from './report'
import type { SeenExpress, SeenRequest } from './seen'

/** Looks for what keeps logins from working. */
export interface Doctor {
  /**
   * Changes nothing, and never takes longer than its limit for what it asks of others.
   *
   * @throws {AmazonAuthError} `not_found`: there is no such app. `store_unavailable`
   */
  run(question: Question): Promise<Report>
}

/** What is to be looked at, and who wants to know. */
export interface Question {
  /** The host is shown everything; an app what is its own, and nothing of the inside. */
  readonly asker: 'host' | 'app'
  /** Id of the one app that it is about. Default: the host, and a page of its apps. */
  readonly app?: string | undefined
  /** Default: the first {@link DEFAULT_PAGE}. */
  readonly page?: { readonly afterId: string; readonly limit: number } | undefined
  /** Ids of checks; default: all. */
  readonly only?: readonly string[] | undefined
  /** Ids of checks that are left out. Default: none. */
  readonly except?: readonly string[] | undefined
  /** Only checks that may tell why a login has failed with this code. */
  readonly explains?: ErrorCode | undefined
  /** Asks nothing of the network but the store. */
  readonly isOffline?: boolean | undefined
  /** Asked over the network: what others have said of an app is good for some seconds, so that nobody makes us hammer them. */
  readonly isRemote?: boolean | undefined
  readonly request?: SeenRequest | undefined
  readonly express?: SeenExpress | undefined
  /** It is asked in code, and neither a request nor an Express app has told what the middleware is mounted under. */
  readonly isMountUnknown?: boolean | undefined
  /** Limit for all that is asked of others, in milliseconds. Default 15,000. */
  readonly limitMs?: number | undefined
  /** Told after each check. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined
}

/** Apps that are looked at unless so many are asked for. */
export const DEFAULT_PAGE = 20
