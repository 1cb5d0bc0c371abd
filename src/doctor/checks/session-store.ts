import { failure, ok, type HostCheck } from '../check'

/** Whether Redis answers, where nodes share one. */
export const sessionStore: HostCheck = {
  id: 'session_store',
  of: 'host',
  explains: ['store_unavailable'],
  async look({ site }) {
    const answers = await site.store.doesRedisAnswer()
    const origin = site.originOf('session.store_url')
    if (answers === undefined) return undefined
    if (answers) return ok('Redis answers: sessions and limits are shared', origin)
    return failure(
      'Redis does not answer, and the sessions of browsers are kept there: nobody can sign in to one',
      'See whether it runs, and correct session.store_url (user, password, rediss:// for TLS); left out, sessions are kept in the store.',
      origin,
    )
  },
}
