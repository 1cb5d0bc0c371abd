import { AmazonAuthError } from '../../errors'
import { untilItWorks } from '../../lazily'
import type { SqlExecutor } from './sql-executor'

/** An executor that opens its database when it is first used, and tries again at each use while that fails. */
export interface LazyExecutor extends SqlExecutor {
  /** Opens the database now. */
  ready(): Promise<void>
}

/** @param open Opens the database; calls that come meanwhile share one attempt. */
export function openLazily(open: () => Promise<SqlExecutor>): LazyExecutor {
  let opening: Promise<SqlExecutor> | undefined
  let closed = false
  const openOnce = untilItWorks(open)

  async function opened(): Promise<SqlExecutor> {
    if (closed) throw new AmazonAuthError('store_unavailable', { reason: 'closed' })
    return (opening = openOnce())
  }

  return {
    read: async (statement) => (await opened()).read(statement),
    write: async (statements) => (await opened()).write(statements),
    async ready() {
      await opened()
    },
    async close() {
      closed = true
      const executor = await opening?.catch(() => undefined)
      await executor?.close()
    },
  }
}
