import type { Sealer } from '../crypto/sealer'
import type { AppStore, Resealing, SealedApp } from './app'
import type { SealingKeyStore } from './sealing-keys'
import { isSecretSetting } from './known-settings'

export interface ResealDeps {
  readonly store: Pick<AppStore, 'count' | 'listSealed' | 'reseal'>
  readonly keys: SealingKeyStore
  readonly sealer: Sealer
  /** Seals anew what else is sealed; returns how much that was, and what no key opens. */
  readonly resealMore: () => Promise<Pick<ResealReport, 'resealed' | 'unreadable'>>
}

export interface ResealReport {
  readonly apps: number
  /** Secrets that were sealed anew; the others were sealed with the first key already. */
  readonly resealed: number
  /** What no key opens, as `<app>` or `<app>: <setting>`: it was left as it is. */
  readonly unreadable: readonly string[]
  /** Id of the key that all the rest is sealed with. */
  readonly keyId: string
}

/** Called after each batch: apps done, and apps in all. */
export type OnProgress = (done: number, total: number) => void

/** Apps in one transaction: a millisecond or two, so that a server on the same store does not notice. */
const BATCH = 50

/**
 * Seals every secret of every app with the first key, so that the other keys can be retired. Can be stopped and begun
 * again at any time. A server may run beside it, if it has all of these keys: a secret that it changes meanwhile stays
 * as changed.
 *
 * @throws {AmazonAuthError} `store_unavailable`; what is done until then stays done.
 */
export async function resealSecrets(
  deps: ResealDeps,
  onProgress: OnProgress,
): Promise<ResealReport> {
  const [keyId] = deps.sealer.keyIds()
  let resealed = 0
  for (;;) {
    const round = await resealOnce(deps, onProgress)
    const more = await deps.resealMore()
    resealed += round.resealed + more.resealed
    // Again, until nothing was left to do: a server may have written behind our back.
    if (round.resealed + more.resealed > 0) continue
    const unreadable = [...round.unreadable, ...more.unreadable]
    if (unreadable.length === 0) await deps.keys.keepOnly(keyId)
    return { apps: round.apps, resealed, unreadable, keyId }
  }
}

async function resealOnce(
  { store, sealer }: ResealDeps,
  onProgress: OnProgress,
): Promise<Omit<ResealReport, 'keyId'>> {
  const total = await store.count()
  const unreadable: string[] = []
  let [apps, resealed] = [0, 0]
  for (let afterId = ''; ;) {
    const batch = await store.listSealed({ afterId, limit: BATCH })
    const last = batch.at(-1)
    if (last === undefined) return { apps, resealed, unreadable }
    const changes = batch.flatMap((app) => sealAnew(app, sealer, unreadable))
    if (changes.length > 0) resealed += await store.reseal(changes)
    afterId = last.id
    apps += batch.length
    onProgress(apps, Math.max(apps, total))
  }
}

/** @param unreadable Takes up what cannot be opened. */
function sealAnew(app: SealedApp, sealer: Sealer, unreadable: string[]): readonly Resealing[] {
  return sealedTexts(app).flatMap(({ setting, from }) => {
    if (sealer.isCurrent(from)) return []
    const text = sealer.open(from, app.id)
    if (text !== undefined) return [{ appId: app.id, setting, from, to: sealer.seal(text, app.id) }]
    unreadable.push(setting === undefined ? app.id : `${app.id}: ${setting}`)
    return []
  })
}

function sealedTexts({ sealedSecret, settings }: SealedApp): readonly {
  readonly setting: string | undefined
  readonly from: string
}[] {
  const secrets = Array.from(settings, ([setting, from]) => ({ setting, from }))
  return [
    { setting: undefined, from: sealedSecret },
    ...secrets.filter(({ setting }) => isSecretSetting(setting)),
  ]
}
