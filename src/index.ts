export {
  amazonAuth,
  type AmazonAuth,
  type AmazonAuthOptions,
  type DoctorOptions,
} from './amazon-auth'
export type { AmazonAuthRouter, RouterOptions as ApiOptions } from './http/amazon-auth-router'
export type { TokenOwner } from './http/access-token-of'
export type { ResealReport } from './apps/reseal-secrets'
export type { FindApp } from './config/read-host-app'
export type {
  AttemptFacts,
  AuthEventName,
  AuthEvents,
  FailureEvent,
  LoginEvent,
  SettingsChangedEvent,
  UserCreatedEvent,
  UserEvent,
  UserUpdatedEvent,
} from './events/auth-events'
export type { AuthListener } from './events/event-hub'
export type { Report as DoctorReport } from './doctor/report'
export type {
  Finding as DoctorFinding,
  Level as DoctorLevel,
  Result as DoctorResult,
} from './doctor/check'
export type { LoginWay } from './audit/audit-event'
export { requireUser } from './http/require-user'
export type { NameApp, NamedApp, RequireUserOptions } from './http/guard-options'
export { withUser, type GuardedAuth, type GuardedRequest } from './http/with-user'
export { signInButton, type SignInButtonOptions } from './pages/button/sign-in-button'
export type { ButtonOptions } from './pages/button/button-look'
export { keepRawBody } from './http/api/read-body'
export { serverOptions } from './http/server-options'
export type { RequestAuth, SignInOptions, SignOutOptions } from './http/req-amazon-auth'
export type { Hooks, MappedProfile } from './http/auth-services'
export type {
  AppOptions,
  AppSecurityOptions,
  ConfigOptions,
  SecurityOptions,
} from './config/options'
export { ConfigError, type ConfigProblem } from './config/config-error'
export type { Origin as ConfigOrigin } from './config/config'
export { AmazonAuthError, ERRORS, type ErrorCode, type ErrorFacts } from './errors'
export { SignInRefused } from './sign-in-refused'
export type { AmazonProfile } from './amazon/parse-profile'
export type { GrantedProfile } from './amazon/scopes'
export type { ClaimSource, ClaimsSetting } from './claims/claim-mapping'
export type { Fields as ProfileFields, Scalar as ProfileValue } from './claims/field'
export type { Json } from './apps/settings'
export type { AppJson } from './apps/app-json'
export type { UserJson } from './users/user-json'
export type { AccessTokenOptions } from './kept-tokens/kept-tokens'
export type { Logger } from './logger'
export type { HostMetrics, MetricsRegister } from './metrics/metrics'
