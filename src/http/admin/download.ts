import type { AdminVisit } from './admin-route'

/**
 * Answers with a file, where not too many are saved at a time.
 *
 * @throws {AmazonAuthError} `too_many_requests`, `server_busy`
 */
export function download(visit: AdminVisit, answer: () => Promise<void>): Promise<void> {
  const { services, session, operator, texts } = visit
  const by = {
    session: session.token,
    actor: operator.actor,
    says: {
      lang: texts.lang,
      tooMany: texts.common.tooManyDownloads,
      tooManyOfAll: texts.common.tooManyDownloadsOfAll,
    },
  }
  return services.downloads.run(by, answer)
}
