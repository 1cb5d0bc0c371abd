import { APPS } from './zh/apps'
import { CHANGES } from './zh/changes'
import { COMMON } from './zh/common'
import { OVERVIEW } from './zh/overview'
import { SETTINGS } from './zh/settings'
import { SIGN_IN } from './zh/sign-in'
import { SIGN_INS } from './zh/sign-ins'
import { USERS } from './zh/users'
import { WEBHOOKS } from './zh/webhooks'
import type { AdminTexts } from './en'

export const ZH: AdminTexts = {
  lang: 'zh-Hans',
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
