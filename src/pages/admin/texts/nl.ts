import type { AdminTexts } from './en'
import { APPS } from './nl/apps'
import { CHANGES } from './nl/changes'
import { COMMON } from './nl/common'
import { OVERVIEW } from './nl/overview'
import { SETTINGS } from './nl/settings'
import { SIGN_IN } from './nl/sign-in'
import { SIGN_INS } from './nl/sign-ins'
import { USERS } from './nl/users'
import { WEBHOOKS } from './nl/webhooks'

export const NL: AdminTexts = {
  lang: 'nl',
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
