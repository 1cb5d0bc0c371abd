import type { Json } from './settings'
import { isHostileUrl } from './target-url'
import {
  flag,
  type Format,
  FormatError,
  listItems,
  origins,
  publicUrl,
  seconds,
  secret,
  target,
  text,
} from './value-formats'

/** One setting of an app that has a meaning here. Apps may keep any others too. */
export interface SettingInfo {
  readonly format: Format<Json>
  readonly doc: string
  /** Sealed in the store, and masked when it is read over the API. */
  readonly isSecret: boolean
}

/** Aliases as the API has them: comma-separated text. */
const originsText: Format<string> = {
  name: origins.name,
  parse(value) {
    if (listItems(value).some(isHostileUrl)) {
      throw new FormatError('must list origins such as https://app.example.com, comma-separated')
    }
    return origins.parse(value).join(',')
  },
}

/** Every setting that has a meaning, by wire name. */
export const SETTINGS: ReadonlyMap<string, SettingInfo> = new Map([
  [
    'az_app_id',
    open(text, "Client id of the app's Security Profile at Amazon; goes with az_secret."),
  ],
  [
    'az_secret',
    sealed(text, "Client secret of the app's Security Profile at Amazon; goes with az_app_id."),
  ],
  [
    'signin_success',
    open(target, 'Where users go after signing in; jwt=? or jwt=id in it becomes a token.'),
  ],
  [
    'signin_failure',
    open(target, 'Where users go whose sign-in failed; cause=? in it becomes the reason.'),
  ],
  ['public_url', open(publicUrl, 'Address under which browsers reach this host for this app.')],
  [
    'security.hosturl_aliases',
    open(originsText, 'Origins of further front ends that host_url and state=<app>|<n> may pick.'),
  ],
  ['security.strict', open(flag, 'Every safer choice on, for this app.')],
  [
    'security.link_by_email',
    open(flag, 'A new Amazon account with a known email takes over that user.'),
  ],
  ['session_timeout', open(seconds, 'Life of a session token of this app, in seconds.')],
  ['one_session_per_user', open(flag, "Issuing a session token ends the user's older ones.")],
  [
    'app_secret_key',
    sealed(secret, "Signs the tokens that the app's own back end hands to /passwordless_auth."),
  ],
])

function open(format: Format<Json>, doc: string): SettingInfo {
  return { format, doc, isSecret: false }
}

function sealed(format: Format<Json>, doc: string): SettingInfo {
  return { format, doc, isSecret: true }
}

const SECRET_NAME = /(^|[._-])(secret|secret[._-]?key|password|token|private[._-]?key)$/i

/** Whether a setting is sealed at rest and masked: known secrets, and any name that ends like one. */
export function isSecretSetting(name: string): boolean {
  return SETTINGS.get(name)?.isSecret === true || SECRET_NAME.test(name)
}
