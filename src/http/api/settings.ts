import { requestInvalid } from '../../errors'
import { formatRemarks } from '../../apps/remark-list'
import type { SettingsReview } from '../../apps/review-settings'
import type { SettingValues } from '../../apps/settings'
import { callingApp } from './caller-of'
import type { Operation, Reply } from './operation'
import { ref } from './schemas'

const KEY = {
  key: { type: 'string', description: 'Name of the setting; may hold dots and any Unicode' },
}
const VALUE = { type: 'object', properties: { value: {} } }
const REMARKS = { type: 'string', description: 'A list such as session_timeout="must be …"' }
const CHANGED = {
  200: {
    description: 'Done. In force at the very next sign-in.',
    headers: {
      'X-Settings-Ignored': {
        description: 'What is stored as it was sent, and has no effect',
        schema: REMARKS,
      },
      'X-Settings-Warning': {
        description:
          'What is most likely not what was meant: misspelt names, mistaken keys of Amazon',
        schema: REMARKS,
      },
    },
  },
}

/** Settings of the calling app: `/_settings`. */
export const SETTINGS_OPERATIONS: readonly Operation[] = [
  {
    id: 'readSettings',
    method: 'GET',
    path: '/_settings',
    summary: "The app's settings",
    access: 'app',
    answers: { 200: { description: 'All settings; secrets are masked', schema: ref('Settings') } },
    handle: async (call) => ({
      json: await call.services.admin.readSettings(callingApp(call).id),
    }),
  },
  {
    id: 'replaceSettings',
    method: 'PUT',
    path: '/_settings',
    summary: 'Replace all settings',
    access: 'app',
    body: ref('Settings'),
    answers: CHANGED,
    example: {
      body: {
        az_app_id: 'amzn1.application-oa2-client.0123456789abcdef0123456789abcdef',
        az_secret: 'amzn1.oa2-cs.v1.0123456789abcdef',
        signin_success: 'https://app.example.com/in?jwt=id',
      },
    },
    async handle(call) {
      // One with an empty name was meant, and all others would be gone.
      if (call.req.path.endsWith('/')) throw requestInvalid('The name of the setting is missing.')
      return changed(await call.services.admin.replaceSettings(callingApp(call).id, call.body))
    },
  },
  {
    id: 'readSetting',
    method: 'GET',
    path: '/_settings/{key}',
    summary: 'One setting',
    access: 'app',
    pathParameters: KEY,
    answers: {
      200: { description: 'Its value; an empty object when it is not set', schema: VALUE },
    },
    example: { path: { key: 'signin_success' } },
    async handle(call) {
      const settings = await call.services.admin.readSettings(callingApp(call).id)
      return { json: valueOf(settings, call.path.key ?? '') }
    },
  },
  {
    id: 'putSetting',
    method: 'PUT',
    path: '/_settings/{key}',
    summary: 'Set one setting',
    access: 'app',
    pathParameters: KEY,
    body: { ...VALUE, required: ['value'] },
    answers: CHANGED,
    example: {
      path: { key: 'security.hosturl_aliases' },
      body: { value: 'https://one.example.com,https://two.example.com' },
    },
    async handle(call) {
      const value = call.body.value ?? null
      const { id } = callingApp(call)
      return changed(await call.services.admin.putSetting(id, call.path.key ?? '', value))
    },
  },
  {
    id: 'deleteSetting',
    method: 'DELETE',
    path: '/_settings/{key}',
    summary: 'Remove one setting',
    access: 'app',
    pathParameters: KEY,
    answers: { 200: { description: 'Done, also when it was not set' } },
    example: { path: { key: 'signin_failure' } },
    async handle(call) {
      await call.services.admin.deleteSetting(callingApp(call).id, call.path.key ?? '')
      return {}
    },
  },
]

/** Nothing was refused; what should be known all the same stands in headers, as clients of Para expect no body. */
function changed({ ignored, warnings }: SettingsReview): Reply {
  return {
    headers: {
      ...(ignored.length > 0 && { 'X-Settings-Ignored': formatRemarks(ignored) }),
      ...(warnings.length > 0 && { 'X-Settings-Warning': formatRemarks(warnings) }),
    },
  }
}

function valueOf(settings: SettingValues, key: string): object {
  return key in settings ? { value: settings[key] } : {}
}
