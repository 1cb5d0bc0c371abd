import type { AdminTexts } from './en'
import { APPS } from './pt/apps'
import { CHANGES } from './pt/changes'
import { COMMON } from './pt/common'
import { OVERVIEW } from './pt/overview'
import { SETTINGS } from './pt/settings'
import { SIGN_IN } from './pt/sign-in'
import { SIGN_INS } from './pt/sign-ins'
import { USERS } from './pt/users'
import { WEBHOOKS } from './pt/webhooks'

/** In words that are right in Brazil and in Portugal. */
export const PT: AdminTexts = {
  lang: 'pt',
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
