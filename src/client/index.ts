export { createClient, type ClientOptions } from './create-client'
export type { SenderOptions } from './create-sender'
export { signInOnDevice, type DeviceCode, type DeviceSignInOptions } from './sign-in-on-device'
export { ApiError } from './api-error'
export {
  verifyWebhook,
  WebhookError,
  type VerifyWebhookOptions,
  type WebhookHeaders,
  type WebhookMessage,
} from './verify-webhook'
export type {
  About,
  AmazonToken,
  AppPageRequest,
  AppPatch,
  Client,
  DeliveryPage,
  DeliveryPageRequest,
  DoctorRequest,
  NewWebhook,
  Page,
  PageRequest,
  SignedIn,
  StatsRequest,
  TokenGrant,
  TryLink,
  TryLinkRequest,
  UserPageRequest,
  UserPatch,
  Webhook,
  WebhookDelivery,
} from './client'
export type { AppJson } from '../apps/app-json'
export type { AppKeys } from '../apps/create-app'
export type { AppSettings, SettingKey, SettingName, SettingValue } from '../apps/app-settings'
export type { SettingRemark } from '../apps/settings-in-force'
export type { SettingsReview } from '../apps/review-settings'
export type { Fields as ProfileFields, Scalar as ProfileValue } from '../claims/field'
export type { Report as DoctorReport } from '../doctor/report'
export type {
  Finding as DoctorFinding,
  Level as DoctorLevel,
  Result as DoctorResult,
} from '../doctor/check'
export type { Json, SettingValues } from '../apps/settings'
export type { StatsPoint, StatsReport } from '../stats/create-stats'
export type { FailureCount } from '../stats/stats-store'
export type { StatsPeriod } from '../stats/latest'
export type { Span as StatsStep } from '../stats/span'
export type { Figures, Times } from '../stats/figures'
export type { UserSortKey } from '../users/user'
export type { UserExport } from '../users/export-user'
export type { UserJson } from '../users/user-json'
export type { WebhookEventType } from '../webhooks/webhook-event'
