import { AmazonAuthError } from '../../errors'
import { createPlaces } from '../../places'

/** Of this process: each reads the store for as long as it lasts. */
const MAX_DOWNLOADS = 16
/** An operator gets as many as are free, by however many sessions, and so does an app. */
const TIMES_FREE = 1
const MAX_OF_SESSION = 2
const RETRY_AFTER_SECONDS = 10

/** Bounds the files that operators save, and the exports that apps and users ask for, at a time. */
export interface Downloads {
  /**
   * Runs what makes a file.
   *
   * @throws {AmazonAuthError} `too_many_requests`: this session (or user) has two under way. `server_busy`: too many have. At once, and
   *   without running it.
   */
  run<T>(by: Downloader, download: () => Promise<T>): Promise<T>
}

export interface Downloader {
  /** Names the session, or the user; undefined: an app calls. */
  readonly session?: string | undefined
  /** Names who it is of. */
  readonly actor: string
  readonly says: {
    /** Language of the sentences. */
    readonly lang: string
    /** What somebody reads who has two under way. */
    readonly tooMany: string
    /** The same where all together have too many. */
    readonly tooManyOfAll: string
  }
}

export function createDownloads(): Downloads {
  const places = createPlaces(MAX_DOWNLOADS, TIMES_FREE)
  return {
    async run({ session, actor, says }, download) {
      const ofActor = `actor ${actor}`
      const ofSession = session === undefined ? undefined : `session ${session}`
      const facts = { lang: says.lang, retryAfterSeconds: RETRY_AFTER_SECONDS }
      if (ofSession !== undefined && places.held(ofSession) >= MAX_OF_SESSION) {
        throw new AmazonAuthError('too_many_requests', { ...facts, problem: says.tooMany })
      }
      const leave = places.take(ofSession === undefined ? [ofActor] : [ofSession, ofActor])
      if (leave === undefined) {
        throw new AmazonAuthError('server_busy', {
          ...facts,
          reason: 'downloads',
          problem: says.tooManyOfAll,
        })
      }
      try {
        return await download()
      } finally {
        leave()
      }
    },
  }
}
