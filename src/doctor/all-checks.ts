import type { Check } from './check'
import { amazonHosts } from './checks/amazon-hosts'
import { appState } from './checks/app-state'
import { claims } from './checks/claims'
import { clientKeys } from './checks/client-keys'
import { clock } from './checks/clock'
import { configWarnings } from './checks/config-warnings'
import { consentPage } from './checks/consent-page'
import { cookies } from './checks/cookies'
import { credentials } from './checks/credentials'
import { failureTarget } from './checks/failure-target'
import { hostSession } from './checks/host-session'
import { https } from './checks/https'
import { ignoredSettings } from './checks/ignored-settings'
import { javascriptOrigins } from './checks/javascript-origins'
import { mount } from './checks/mount'
import { oddSettings } from './checks/odd-settings'
import { oddValues } from './checks/odd-values'
import { proxyHeaders } from './checks/proxy-headers'
import { queryString } from './checks/query-string'
import { returnAddress } from './checks/return-address'
import { scope } from './checks/scope'
import { sealingKeys } from './checks/sealing-keys'
import { sessionStore } from './checks/session-store'
import { store } from './checks/store'
import { successTarget } from './checks/success-target'
import { targetPages } from './checks/target-pages'
import { trustProxy } from './checks/trust-proxy'

/**
 * Every check, in the order of reports: the host first, then each app. A new one is a file in checks/, a line here, and a
 * section of docs/doctor.md, which a test compares.
 */
export const ALL_CHECKS: readonly Check[] = [
  configWarnings,
  oddValues,
  store,
  sealingKeys,
  sessionStore,
  mount,
  trustProxy,
  proxyHeaders,
  amazonHosts,
  clock,
  appState,
  clientKeys,
  credentials,
  returnAddress,
  https,
  queryString,
  consentPage,
  javascriptOrigins,
  scope,
  claims,
  successTarget,
  failureTarget,
  targetPages,
  cookies,
  hostSession,
  oddSettings,
  ignoredSettings,
]
