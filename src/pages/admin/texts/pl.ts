import type { AdminTexts } from './en'
import { APPS } from './pl/apps'
import { CHANGES } from './pl/changes'
import { COMMON } from './pl/common'
import { OVERVIEW } from './pl/overview'
import { SETTINGS } from './pl/settings'
import { SIGN_IN } from './pl/sign-in'
import { SIGN_INS } from './pl/sign-ins'
import { USERS } from './pl/users'
import { WEBHOOKS } from './pl/webhooks'

export const PL: AdminTexts = {
  lang: 'pl',
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
