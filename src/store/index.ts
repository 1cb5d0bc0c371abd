export type { OptionalPart, OptionalParts, RequiredParts, Store } from './store'
export { AmazonAuthError } from '../errors'
export { UserIdTakenError } from '../users/user'
export { KNOWN_SETTING_NAMES } from '../apps/known-settings'
export { SETTING_BOUNDS, settingBytes } from '../apps/setting-bounds'
export type {
  AppPage,
  AppPatch,
  AppRecord,
  AppStore,
  Resealing,
  SealedApp,
  SettingChange,
  SettingRecords,
} from '../apps/app'
export type { AppChanges } from '../apps/app-changes'
export type { SealingKeyStore } from '../apps/sealing-keys'
export type { ServingNode, ServingNodeStore } from '../apps/serving-nodes'
export type { AuditEvent, AuditStore } from '../audit/audit-event'
export type {
  AuditHistory,
  AuditPosition,
  AuditRecord,
  HistoryFilter,
  HistoryPage,
  PageWanted,
} from '../audit/audit-history'
export type { BulkChange } from '../bulk/bulk-change'
export type { BulkBite, BulkRef, BulkStep, BulkStore } from '../bulk/bulk-store'
export type { DeviceKey, DeviceLogin, DeviceLoginStore } from '../devices/device-login'
export type { Claim, NewTokens, TokenRecord, TokenStore } from '../kept-tokens/token-store'
export type { SessionRecord, SessionStore } from '../sessions/session-store'
export type { RollUp } from '../stats/roll-up'
export type { StatsRange, StatsStore } from '../stats/stats-store'
export type { SingleUseStore, Use } from '../tokens/single-use'
export type { KeptOfUser, KeptPosition, UserTraceStore } from '../users/kept-of-user'
export type { RelinkOutcome, RelinkPair, RelinkStore } from '../users/relink'
export type { User, UserChanges, UserPage, UserSortKey, UserStore, UserUpdate } from '../users/user'
export type { UserEvent } from '../users/user-event'
export type { Delivery, DeliveryStore } from '../webhooks/delivery'
export type { WebhookRecord, WebhookStore } from '../webhooks/webhook'
