import { normalizeAppId } from '../../apps/app-id'
import { isSecretSetting } from '../../apps/known-settings'
import { MASK } from '../../apps/mask-settings'
import { actorOfApp } from '../../audit/actor'
import type { OperatorAction } from '../../audit/operator-action'
import { operatorEvent, type OperatorChange } from '../operator-event'
import { textForLog } from '../../text-for-log'
import type { Call, Operation, Reply } from './operation'

/** What a call has changed: names, never values. Default of the app: the one that calls. */
type Change = Omit<OperatorChange, 'actor' | 'app'> & Partial<Pick<OperatorChange, 'app'>>

type ChangeOf = (call: Call, reply: Reply) => Change | undefined

/** Calls that change something, by the id of their operation. */
const CHANGES: Readonly<Record<string, ChangeOf>> = {
  createApp: ({ path }, { json }) =>
    typeof json === 'object' && 'secretKey' in json
      ? { action: 'app_created', app: normalizeAppId(path.app ?? '') }
      : undefined,
  renewKeys: () => ({ action: 'keys_renewed' }),
  patchApp: ({ path, body: { name, active } }) => {
    const app = normalizeAppId(path.app ?? '')
    const isNamed = name !== undefined
    if (active === undefined) return isNamed ? { action: 'app_renamed', app } : undefined
    const action = active === true ? 'app_switched_on' : 'app_switched_off'
    return { action, app, ...(isNamed && { detail: 'name' }) }
  },
  deleteApp: ({ path }) => ({ action: 'app_deleted', app: normalizeAppId(path.app ?? '') }),
  putSetting: ({ path: { key = '' }, body: { value } }) =>
    value === MASK && isSecretSetting(key)
      ? undefined
      : { action: 'setting_put', detail: textForLog(key.slice(0, MAX_CHARACTERS)) },
  replaceSettings: ({ body }) => ({
    action: 'settings_replaced',
    detail: listed(Object.keys(body)),
  }),
  deleteSetting: ({ path: { key = '' } }) => ({
    action: 'setting_deleted',
    detail: textForLog(key.slice(0, MAX_CHARACTERS)),
  }),
  patchUser: ({ path, body: { active, ...rest } }) => {
    const fields = ['name', 'email', 'groups'].filter((field) => field in rest)
    const detail = fields.length > 0 ? { detail: fields.join(', ') } : {}
    const of = { userId: path.id, ...detail }
    if (active === undefined)
      return fields.length > 0 ? { action: 'user_changed', ...of } : undefined
    return { action: active === true ? 'user_unlocked' : 'user_locked', ...of }
  },
  deleteUser: ({ path }) => ({ action: 'user_deleted', userId: path.id }),
  signOutUser: ({ path }) => ({ action: 'user_signed_out', userId: path.id }),
  unlinkAmazon: ({ path }) => ({ action: 'user_unlinked', userId: path.id }),
  createWebhook: (_call, { json }) => ({
    action: 'webhook_created',
    ...(typeof json === 'object' && 'id' in json && { detail: String(json.id) }),
  }),
  patchWebhook: ({ path, body: { active, ...rest } }) => ({
    action: changeOfWebhook(active, 'url' in rest || 'events' in rest),
    ...webhookOf(path),
  }),
  deleteWebhook: ({ path }) => ({ action: 'webhook_deleted', ...webhookOf(path) }),
  rotateWebhookSecret: ({ path }) => ({ action: 'webhook_secret_rotated', ...webhookOf(path) }),
}

function changeOfWebhook(active: unknown, isChanged: boolean): OperatorAction {
  if (typeof active !== 'boolean' || isChanged) return 'webhook_changed'
  return active ? 'webhook_switched_on' : 'webhook_switched_off'
}

function webhookOf({ id = '' }: Call['path']) {
  return { detail: textForLog(id.slice(0, MAX_CHARACTERS)) }
}

const MAX_CHARACTERS = 100
const MAX_LISTED = 20

/**
 * Notes in the audit trail what an app has changed by a call that was done: who keeps an eye on changes sees those made by
 * programs too. Waits for nothing.
 */
export function recordCall(operation: Operation, call: Call, reply: Reply): void {
  const { services, caller } = call
  const change = CHANGES[operation.id]?.(call, reply)
  if (change === undefined || caller?.kind !== 'app') return
  const { id } = caller.app
  services.audit.record(operatorEvent({ app: id, ...change, actor: actorOfApp(id) }, call))
}

/** Some of the names; an app may have a thousand. */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, MAX_LISTED).map((name) => textForLog(name.slice(0, MAX_CHARACTERS)))
  const left = names.length - shown.length
  return left === 0 ? shown.join(', ') : `${shown.join(', ')} +${left}`
}
