export {
  createAmazonClient,
  type AmazonClient,
  type AmazonClientOptions,
  type AmazonKeys,
  type BegunLogin,
  type FinishedLogin,
  type LoginRequest,
} from './amazon-client'
export { AmazonAuthError, ERRORS, type ErrorCode, type ErrorFacts } from '../errors'
export type { Logger } from '../logger'
export type { CodePair } from './create-code-pair'
export type { EndpointOverrides, Region } from './endpoints'
export type { TokenInfo } from './fetch-token-info'
export type { Fields as ProfileFields, Scalar as ProfileValue } from '../claims/field'
export type { AmazonProfile } from './parse-profile'
export type { AmazonTokens } from './parse-tokens'
export type { DevicePoll } from './poll-device'
export type { ReturnedCode } from './read-return'
