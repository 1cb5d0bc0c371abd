import { once } from 'node:events'
import { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'kysely'
import { Client, type ClientConfig } from 'pg'
import type { AppChanges } from '../../apps/app-changes'
import type { Logger } from '../../logger'
import type { PostgresServer } from '../../postgres-url'
import { defineQuery } from './define-query'
import { postgresClientConfig } from './postgres-client-config'
import { tellable } from './postgres-error'
import type { SqlExecutor } from './sql-executor'

const CHANNEL = 'express_amazon_auth_changed_apps'
const CONNECT_TIMEOUT_MS = 2_000
const ANSWER_TIMEOUT_MS = 5_000
/** A connection that nothing passes over may be dead without a sign of it. */
const PING_EVERY_MS = 15_000
const SHORTEST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 5_000

/** SQLSTATE of a feature, word or function that is not there. */
const UNSUPPORTED = /^(0A|42)/

const notify = defineQuery((db, params: { appId: string }) =>
  db.selectNoFrom(sql`pg_notify(${CHANNEL}, ${params.appId})`.as('sent')),
)

/** News of changed apps by LISTEN and NOTIFY. */
export interface PostgresAppChanges extends AppChanges {
  /** Connects and listens from now on, and connects anew whenever that breaks. */
  start(): void
  /** Ends it, once what was published is on its way. */
  close(): Promise<void>
}

/**
 * A database without LISTEN and NOTIFY (CockroachDB, some versions of YugabyteDB, or a pooler in between that shares
 * connections) is told of once in the log; nodes then go on with what they have read for as long as their cache lives.
 *
 * @param options.executor Sends the news.
 */
export function postgresAppChanges(options: {
  readonly server: PostgresServer
  readonly executor: Pick<SqlExecutor, 'read'>
  readonly logger: Logger
}): PostgresAppChanges {
  const { server, executor, logger } = options
  const listeners: ((appId: string | undefined) => void)[] = []
  const sending = new Set<Promise<unknown>>()
  const ending = new AbortController()
  let listening: Promise<void> | undefined

  function tell(appId: string | undefined): void {
    for (const listener of listeners) listener(appId)
  }

  return {
    publish(appId) {
      const sent = executor.read(notify({ appId })).catch(() => undefined)
      sending.add(sent)
      void sent.then(() => sending.delete(sent))
    },
    subscribe: (listener) => void listeners.push(listener),
    start() {
      const config = () => postgresClientConfig(server)
      listening ??= keepListening({ config, tell, logger, signal: ending.signal })
    },
    async close() {
      await Promise.all(sending)
      ending.abort()
      await listening
    },
  }
}

interface Listening {
  readonly config: () => ClientConfig
  readonly tell: (appId: string | undefined) => void
  readonly logger: Logger
  readonly signal: AbortSignal
}

async function keepListening({ logger, signal, ...listening }: Listening): Promise<void> {
  let pauseMs = SHORTEST_PAUSE_MS
  while (!signal.aborted) {
    const tell: Listening['tell'] = (appId) => {
      pauseMs = SHORTEST_PAUSE_MS
      listening.tell(appId)
    }
    try {
      await listenOnce({ ...listening, tell, logger, signal })
    } catch (error) {
      const cause = tellable(error)
      if (UNSUPPORTED.test(String(cause.code))) {
        logger.warn({ cause }, 'This database sends no news of changed apps: caches live 2 s')
        return
      }
      logger.warn({ cause }, 'News of changed apps cannot be listened to; trying again')
    }
    await delay(pauseMs * (0.5 + Math.random() / 2), undefined, { ref: false, signal }).catch(
      () => undefined,
    )
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)
  }
}

/** @returns When the connection has ended. */
async function listenOnce({ config, tell, signal }: Listening): Promise<void> {
  const client = new Client({
    ...config(),
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: ANSWER_TIMEOUT_MS,
  })
  client.on('error', () => undefined)
  client.on('notification', ({ payload }) => tell(payload))
  try {
    // A client that is ended while it connects would never say so.
    await Promise.race([listen(client, tell, signal), once(signal, 'abort')])
  } finally {
    // A process that waits for this end must not be over before it.
    hold(client, 'ref')
    await client.end()
  }
}

/** Whether the process lives for as long as this connection. */
function hold({ connection }: Client, how: 'ref' | 'unref'): void {
  if (connection.stream instanceof Socket) connection.stream[how]()
}

/** @returns When the connection has ended. */
async function listen(client: Client, tell: Listening['tell'], signal: AbortSignal): Promise<void> {
  await client.connect()
  // Whoever ends it now waits for that end.
  if (signal.aborted) return
  // It keeps no process alive.
  hold(client, 'unref')
  await client.query(`LISTEN ${CHANNEL}`)
  // Whatever was told before this moment has been missed.
  tell(undefined)
  const pinging = setInterval(() => {
    client.query('SELECT 1').catch(() => client.end())
  }, PING_EVERY_MS).unref()
  await once(client, 'end').finally(() => clearInterval(pinging))
}
