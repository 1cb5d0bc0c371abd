import { LRUCache } from 'lru-cache'

import type { App, AppStore } from './app'
import { findClientCredentials } from './client-credentials'

export interface SoleAppDeps {
  readonly store: Pick<AppStore, 'list'>
  readonly rootId: string
  readonly find: (appId: string) => Promise<App | undefined>
  /** How long an answer is good, in milliseconds. */
  readonly cacheTtlMs: number
}

/** Tells whether one app is all there is. */
export interface SoleApp {
  /**
   * The id of the only app that people can be signed in to; undefined: there are several. The root app, which is always
   * there, counts when it has keys of Amazon or nobody else is there.
   */
  find(): Promise<string | undefined>
  /** An app has come, gone or changed. */
  forget(): void
}

/** Enough of a look to know: the root app and two others. */
const LOOK = 3

export function createSoleApp(deps: SoleAppDeps): SoleApp {
  const looks = new LRUCache<'look', Promise<string | undefined>>({ max: 1, ttl: deps.cacheTtlMs })
  return {
    find() {
      const known = looks.get('look')
      if (known !== undefined) return known
      const looking = look(deps)
      looks.set('look', looking)
      looking.catch(() => {
        if (looks.get('look') === looking) looks.clear()
      })
      return looking
    },
    forget: () => looks.clear(),
  }
}

async function look({ store, rootId, find }: SoleAppDeps): Promise<string | undefined> {
  const ids = (await store.list({ limit: LOOK })).map(({ id }) => id)
  const [child, another] = ids.filter((id) => id !== rootId)
  if (child === undefined) return rootId
  if (another !== undefined) return undefined
  const root = await find(rootId)
  const isRootUsed = root !== undefined && findClientCredentials(root) !== undefined
  return isRootUsed ? undefined : child
}
