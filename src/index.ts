export {
  amazonAuth,
  type AmazonAuth,
  type AmazonAuthOptions,
  type DoctorOptions,
} from './amazon-auth'
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
export type { Result as DoctorResult } from './doctor/check'
export { requireUser } from './http/require-user'
export type { NameApp, RequireUserOptions } from './http/guard-options'
export { withUser, type GuardedAuth, type GuardedRequest } from './http/with-user'
export { signInButton, type SignInButtonOptions } from './pages/button/sign-in-button'
export type { ButtonOptions } from './pages/button/button-look'
export { keepRawBody } from './http/api/read-body'
export { serverOptions } from './http/server-options'
export type { RequestAuth, SignInOptions, SignOutOptions } from './http/req-amazon-auth'
export type { Hooks, MappedProfile } from './http/auth-services'
export type { AppOptions } from './config/options'
export { ConfigError } from './config/config-error'
export { AmazonAuthError, ERRORS, type ErrorCode } from './errors'
export { SignInRefused } from './sign-in-refused'
export type { AmazonProfile } from './amazon/parse-profile'
export type { GrantedProfile } from './amazon/scopes'
export type { ClaimSource, ClaimsSetting } from './claims/claim-mapping'
export type { AppJson } from './apps/app-json'
export type { UserJson } from './users/user-json'
export type { AccessTokenOptions } from './kept-tokens/kept-tokens'
export type { Logger } from './logger'
export type { HostMetrics, MetricsRegister } from './metrics/metrics'
