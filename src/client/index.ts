export { createClient, type ClientOptions } from './create-client'
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
  Webhook,
  WebhookDelivery,
} from './client'
export type { AppPatch } from '../apps/app'
export type { AppJson } from '../apps/app-json'
export type { AppKeys } from '../apps/create-app'
export type { Report as DoctorReport } from '../doctor/report'
export type { Result as DoctorResult } from '../doctor/check'
export type { Json, SettingValues } from '../apps/settings'
export type { StatsPoint, StatsReport } from '../stats/create-stats'
export type { Figures, Times } from '../stats/figures'
export type { UserExport } from '../users/export-user'
export type { UserPatch } from '../users/user-admin'
export type { UserJson } from '../users/user-json'
export type { WebhookEventType } from '../webhooks/webhook-event'
