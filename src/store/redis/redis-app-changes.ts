import type { AppChanges } from '../../apps/app-changes'
import type { Logger } from '../../logger'
import { keepConnected, type RedisLink } from './keep-connected'

/** News of changed apps over a Redis channel. */
export interface RedisAppChanges extends AppChanges {
  /** The connection that listens: one that does can do nothing else. */
  readonly listening: Pick<RedisLink, 'ready' | 'close'>
}

/** @param options.link Sends the news. */
export function redisAppChanges(options: {
  readonly url: string
  readonly prefix: string
  readonly logger: Logger
  readonly link: RedisLink
}): RedisAppChanges {
  const { url, prefix, logger, link } = options
  const channel = `${prefix}changed-apps`
  const listeners: ((appId: string | undefined) => void)[] = []
  const tell = (appId: string | undefined): void => {
    for (const listener of listeners) listener(appId)
  }
  const listening = keepConnected({
    url,
    purpose: 'news of changed apps',
    logger,
    async prepare(client) {
      await client.subscribe(channel, tell)
      // Whatever was told before this moment has been missed.
      tell(undefined)
    },
  })
  return {
    publish(appId) {
      link.run((client) => client.publish(channel, appId)).catch(() => undefined)
    },
    subscribe: (listener) => void listeners.push(listener),
    listening,
  }
}
