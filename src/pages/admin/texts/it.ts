import type { AdminTexts } from './en'
import { APPS } from './it/apps'
import { CHANGES } from './it/changes'
import { COMMON } from './it/common'
import { OVERVIEW } from './it/overview'
import { SETTINGS } from './it/settings'
import { SIGN_IN } from './it/sign-in'
import { SIGN_INS } from './it/sign-ins'
import { USERS } from './it/users'
import { WEBHOOKS } from './it/webhooks'

export const IT: AdminTexts = {
  lang: 'it',
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
