export { startEmulator } from './start-emulator'
export { DEMO_CLIENTS } from './clients'
export { PEOPLE } from './people'
export { FAULT_NAMES } from './faults/fault-table'
export type {
  EmulatorClient,
  EmulatorClientNames,
  EmulatorDeviceClient,
  EmulatorWebClient,
} from './clients'
export type { Person } from './people'
export type {
  DeviceDenial,
  Emulator,
  EmulatorOptions,
  IssueAccessTokenOptions,
  IssueCodeOptions,
  WithdrawConsentOptions,
} from './emulator'
export type { FaultParams } from './faults/fault'
export type { FaultName } from './faults/fault-table'
export type { Fault, FaultEndpoint, FaultRule, Faults } from './faults/faults'
export type { RefreshRotation, TokenRuleOptions, TokenRules, TokenRuleValues } from './token-rules'
export type { Journal, JournalEntry, JournalFilter } from './journal'
