import { APPS } from './es/apps'
import { CHANGES } from './es/changes'
import { COMMON } from './es/common'
import { OVERVIEW } from './es/overview'
import { SETTINGS } from './es/settings'
import { SIGN_IN } from './es/sign-in'
import { SIGN_INS } from './es/sign-ins'
import { USERS } from './es/users'
import { WEBHOOKS } from './es/webhooks'
import type { AdminTexts } from './en'

export const ES: AdminTexts = {
  lang: 'es',
  dir: 'ltr',
  common: COMMON,
  signIn: SIGN_IN,
  signIns: SIGN_INS,
  changes: CHANGES,
  overview: OVERVIEW,
  apps: APPS,
  settings: SETTINGS,
  webhooks: WEBHOOKS,
  users: USERS,
}
