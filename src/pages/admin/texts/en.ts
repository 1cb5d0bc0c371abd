import { APPS } from './en/apps'
import { CHANGES } from './en/changes'
import { COMMON } from './en/common'
import { OVERVIEW } from './en/overview'
import { SETTINGS } from './en/settings'
import { SIGN_IN } from './en/sign-in'
import { SIGN_INS } from './en/sign-ins'
import { WEBHOOKS } from './en/webhooks'
import { USERS } from './en/users'

/**
 * All that the pages for operators say, a part an area. This catalogue is the source: every other one has the same keys,
 * and the same names in braces, which `fill` puts something in for.
 */
export const EN = {
  lang: 'en',
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

type Of<T> = { readonly [K in keyof T]: T[K] extends string ? string : Of<T[K]> }

/** A catalogue of the pages for operators. */
export type AdminTexts = Of<typeof EN>
