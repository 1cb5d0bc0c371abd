import { BODY_FAULTS } from './bodies'
import { CONNECTION_FAULTS } from './connection'
import type { FaultAction } from './fault'
import { FIELD_FAULTS } from './fields'
import { STATUS_FAULTS } from './statuses'

/** Every fault by name. Its parameters stand at the function that plays it. */
export const FAULTS = {
  ...CONNECTION_FAULTS,
  ...STATUS_FAULTS,
  ...BODY_FAULTS,
  ...FIELD_FAULTS,
} satisfies Record<string, FaultAction>

export type FaultName = keyof typeof FAULTS

export const FAULT_NAMES: readonly string[] = Object.keys(FAULTS)

export function isFaultName(name: unknown): name is FaultName {
  return typeof name === 'string' && Object.hasOwn(FAULTS, name)
}
