import { html, type Html, type HtmlValue } from '../../html'
import { fill } from '../../texts/fill'
import type { ShownActor } from '../actor-text'
import type { AdminTexts } from '../texts/en'

/** What pages show of a change of many users. */
export interface ShownBulk {
  readonly id: string
  readonly action: 'lock' | 'unlock' | 'sign_out' | 'delete'
  readonly state: 'collecting' | 'ready' | 'running' | 'done' | 'cancelled'
  readonly covers:
    | { readonly kind: 'ids' }
    | { readonly kind: 'all' }
    | { readonly kind: 'search'; readonly text: string }
  readonly by: ShownActor
  readonly total: number
  readonly changed: number
  readonly unchanged: number
  readonly gone: number
  readonly missing: readonly string[]
  readonly missingCount: number
  readonly createdAtMs: number
}

export function actionText({ action }: ShownBulk, { users }: AdminTexts): string {
  const texts = {
    lock: users.doLock,
    unlock: users.doUnlock,
    sign_out: users.doSignOut,
    delete: users.doDelete,
  }
  return texts[action]
}

export function coversText({ covers }: ShownBulk, { users }: AdminTexts): HtmlValue {
  if (covers.kind === 'ids') return users.coversIds
  if (covers.kind === 'all') return users.coversAll
  return fill(users.coversSearch, { text: html`<bdi>${covers.text}</bdi>` })
}

export function bulkStateTag({ state }: ShownBulk, { users }: AdminTexts): Html {
  const tags = {
    collecting: ['', users.stateCollecting],
    ready: [' warn', users.stateReady],
    running: ['', users.stateRunning],
    done: [' good', users.stateDone],
    cancelled: [' alarm', users.stateCancelled],
  } as const
  const [look, text] = tags[state]
  return html`<span class="tag${look}">${text}</span>`
}
