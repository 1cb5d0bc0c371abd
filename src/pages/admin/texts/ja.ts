import { APPS } from './ja/apps'
import { CHANGES } from './ja/changes'
import { COMMON } from './ja/common'
import { OVERVIEW } from './ja/overview'
import { SETTINGS } from './ja/settings'
import { SIGN_IN } from './ja/sign-in'
import { SIGN_INS } from './ja/sign-ins'
import { USERS } from './ja/users'
import { WEBHOOKS } from './ja/webhooks'
import type { AdminTexts } from './en'

export const JA: AdminTexts = {
  lang: 'ja',
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
