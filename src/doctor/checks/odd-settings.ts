import { countSetting, flagSetting, textSetting } from '../../apps/typed-setting'
import { warning, type AppCheck, type Finding } from '../check'
import type { CheckedApp } from '../checked-app'
import type { Site } from '../site'
import { SHORT_SESSION_SECONDS } from './odd-values'

/** Settings of an app that can be used, and will most likely do what nobody wants. */
export const oddSettings: AppCheck = {
  id: 'odd_settings',
  of: 'app',
  look: (checked, { site }) =>
    [shortSession(checked), revoked(checked, site), lonelySecret(checked)].filter(
      (finding) => finding !== undefined,
    ),
}

function shortSession({ app, originOf }: CheckedApp): Finding | undefined {
  const seconds = countSetting(app, 'session_timeout', SHORT_SESSION_SECONDS)
  if (seconds >= SHORT_SESSION_SECONDS) return undefined
  return warning(
    `session_timeout is ${seconds} s: people are signed out at once`,
    'Give it minutes or hours, as 12 hours (a bare number counts seconds).',
    originOf('session_timeout'),
  )
}

function revoked({ app, originOf }: CheckedApp, { tokenPolicy }: Site): Finding | undefined {
  const isOwn = textSetting(app, 'amazon.on_revoked') === 'sign_out'
  if (!isOwn || flagSetting(app, 'amazon.keep_tokens', tokenPolicy.isKept)) return undefined
  return warning(
    'amazon.on_revoked is sign_out, and amazon.keep_tokens is off: nobody finds out that consent was withdrawn',
    'Set amazon.keep_tokens to true, or leave amazon.on_revoked out.',
    originOf('amazon.on_revoked'),
  )
}

function lonelySecret({ app, originOf }: CheckedApp): Finding | undefined {
  const isAlone =
    textSetting(app, 'az_device_secret') !== undefined &&
    textSetting(app, 'az_device_app_id') === undefined
  if (!isAlone) return undefined
  return warning(
    'az_device_secret is set without az_device_app_id: it has no effect',
    'Set az_device_app_id, the Client ID for devices of the Security Profile, or leave both out: devices then use az_app_id.',
    originOf('az_device_secret'),
  )
}
