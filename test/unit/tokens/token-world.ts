import type { App } from '../../../src/apps/app'
import type { SingleUse } from '../../../src/tokens/single-use'
import type { User } from '../../../src/users/user'
import { appWith } from '../../support/app'
import { buildUser } from '../../integration/store/open-store'

export const NOW_MS = 1_700_000_000_500
/** What tokens say of it. */
export const NOW = 1_700_000_000

export const acme = appWith({})
export const ann = buildUser({ appId: 'acme', id: '7' })

/** Apps and users as a node would find them; those given, active or not, and no others. */
export function depsWith({ app = acme, user = ann }: { app?: App; user?: User } = {}) {
  const used = new Set<string>()
  const singleUse: SingleUse = {
    take: ({ appId, name, expiresAtMs }) => {
      const use = `${appId} ${name} ${expiresAtMs}`
      const isFirst = !used.has(use)
      used.add(use)
      return Promise.resolve(isFirst)
    },
    wasTaken: () => Promise.resolve(false),
  }
  return {
    apps: {
      rootId: 'para',
      find: (id: string) => Promise.resolve(id === app.id ? app : undefined),
      findSole: () => Promise.resolve(undefined),
      forget: () => undefined,
    },
    users: {
      // As loose as SQL, to which a number is as good as its digits.
      findById: (appId: string, id: unknown) =>
        Promise.resolve(appId === user.appId && String(id) === user.id ? user : undefined),
    },
    now: () => NOW_MS,
    policy: { strict: false },
    singleUse,
    used,
  }
}

/** How a promise is refused: code and reason. */
export async function refusalOf(promise: Promise<unknown>): Promise<unknown> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  const { code, facts } = error as { code?: string; facts?: { reason?: string } }
  return `${code}: ${facts?.reason}`
}
