import { APPS } from './fr/apps'
import { CHANGES } from './fr/changes'
import { COMMON } from './fr/common'
import { OVERVIEW } from './fr/overview'
import { SETTINGS } from './fr/settings'
import { SIGN_IN } from './fr/sign-in'
import { SIGN_INS } from './fr/sign-ins'
import { USERS } from './fr/users'
import { WEBHOOKS } from './fr/webhooks'
import type { AdminTexts } from './en'

export const FR: AdminTexts = {
  lang: 'fr',
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
