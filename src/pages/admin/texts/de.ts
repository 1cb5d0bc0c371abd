import { APPS } from './de/apps'
import { CHANGES } from './de/changes'
import { COMMON } from './de/common'
import { OVERVIEW } from './de/overview'
import { SETTINGS } from './de/settings'
import { SIGN_IN } from './de/sign-in'
import { SIGN_INS } from './de/sign-ins'
import { USERS } from './de/users'
import { WEBHOOKS } from './de/webhooks'
import type { AdminTexts } from './en'

export const DE: AdminTexts = {
  lang: 'de',
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
