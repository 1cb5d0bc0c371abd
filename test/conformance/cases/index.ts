import type { Section } from '../case'
import { api } from './api'
import { configuration } from './configuration'
import { exchange } from './exchange'
import { failure } from './failure'
import { frontEnds } from './front-ends'
import { jwtAuth } from './jwt-auth'
import { names } from './names'
import { passwordless } from './passwordless'
import { redirectUri } from './redirect-uri'
import { settings } from './settings'
import { signingIn } from './signing-in'
import { success } from './success'
import { tokens } from './tokens'
import { upsert } from './upsert'
import { users } from './users'

export const SECTIONS: readonly Section[] = [
  names,
  signingIn,
  redirectUri,
  exchange,
  upsert,
  success,
  failure,
  frontEnds,
  tokens,
  jwtAuth,
  passwordless,
  api,
  settings,
  users,
  configuration,
]
