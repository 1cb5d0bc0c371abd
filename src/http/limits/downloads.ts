import { AmazonAuthError } from '../../errors'
import { createPlaces } from '../../places'

/** Of this process: each reads the store for as long as it lasts. */
const MAX_DOWNLOADS = 16
/** An operator gets as many as are free, by however many sessions. */
const TIMES_FREE = 1
const MAX_OF_SESSION = 2
const RETRY_AFTER_SECONDS = 10

/** Bounds the files that operators save at a time. */
export interface Downloads {
  /**
   * Runs what answers with a file.
   *
   * @throws {AmazonAuthError} `too_many_requests`: this session has two under way. `server_busy`: too many have. At once, and
   *   without running it.
   */
  run(by: Downloader, download: () => Promise<void>): Promise<void>
}

export interface Downloader {
  /** Names the session. */
  readonly session: string
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
      const [ofSession, ofActor] = [`session ${session}`, `actor ${actor}`]
      const facts = { lang: says.lang, retryAfterSeconds: RETRY_AFTER_SECONDS }
      if (places.held(ofSession) >= MAX_OF_SESSION) {
        throw new AmazonAuthError('too_many_requests', { ...facts, problem: says.tooMany })
      }
      const leave = places.take([ofSession, ofActor])
      if (leave === undefined) {
        throw new AmazonAuthError('server_busy', {
          ...facts,
          reason: 'downloads',
          problem: says.tooManyOfAll,
        })
      }
      try {
        await download()
      } finally {
        leave()
      }
    },
  }
}
