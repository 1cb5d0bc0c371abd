import type { FaultParams } from './fault'
import { FAULT_NAMES, isFaultName, type FaultName } from './fault-table'

/** Where a fault can be played; `authorize` is the pages people see, `all` is everywhere. */
export const FAULT_ENDPOINTS = [
  'authorize',
  'token',
  'profile',
  'tokeninfo',
  'codepair',
  'all',
] as const

export type FaultEndpoint = (typeof FAULT_ENDPOINTS)[number]

/** A fault with its parameters, such as `{ name: 'status', status: 429, retryAfter: 60 }`. */
export type Fault = { readonly name: FaultName } & FaultParams

export interface FaultRule {
  /** Where it is played. */
  readonly endpoint: FaultEndpoint
  /** Which one, by its name, or with parameters. */
  readonly fault: FaultName | Fault
  /** How many requests it hits before it is gone. Default: all, until `clear()`. */
  readonly times?: number | undefined
  /** Hits only requests of this client. A rule with a client goes before one without. Default: any. */
  readonly clientId?: string | undefined
}

interface ActiveRule extends FaultRule {
  readonly fault: Fault
}

/** The switches: which fault is played where. */
export class Faults {
  private rules: readonly ActiveRule[] = []

  /**
   * Switches a fault on. Takes the place of the rule for the same endpoint and client, if there is
   * one.
   *
   * @throws {TypeError} When a field is wrong; for an unknown fault it lists the known ones.
   */
  set(rule: FaultRule): void {
    const active = parseRule(rule)
    this.rules = [...this.rules.filter((other) => !isSameSwitch(other, active)), active]
  }

  clear(): void {
    this.rules = []
  }

  list(): readonly FaultRule[] {
    return this.rules
  }

  /** @internal Takes the fault for a request, counting it against `times`. */
  take(endpoint: FaultEndpoint, clientId: string | undefined): Fault | undefined {
    const hits = this.rules.filter(
      (rule) =>
        (rule.endpoint === endpoint || rule.endpoint === 'all') &&
        (rule.clientId ?? clientId) === clientId,
    )
    const hit = hits.find((rule) => rule.clientId !== undefined) ?? hits[0]
    if (hit?.times !== undefined) this.countDown(hit, hit.times)
    return hit?.fault
  }

  private countDown(rule: ActiveRule, times: number): void {
    this.rules = this.rules.flatMap((other) => {
      if (other !== rule) return [other]
      return times > 1 ? [{ ...rule, times: times - 1 }] : []
    })
  }
}

function isSameSwitch(a: FaultRule, b: FaultRule): boolean {
  return a.endpoint === b.endpoint && a.clientId === b.clientId
}

function parseRule(input: unknown): ActiveRule {
  const { endpoint, fault, times, clientId } = objectOf<FaultRule>(input, 'a fault rule')
  const known = FAULT_ENDPOINTS.find((name) => name === endpoint)
  if (known === undefined) {
    throw new TypeError(`endpoint must be one of ${FAULT_ENDPOINTS.join(', ')}`)
  }
  if (times !== undefined && !isCount(times)) {
    throw new TypeError('times must be a whole number above 0')
  }
  if (clientId !== undefined && typeof clientId !== 'string') {
    throw new TypeError('clientId must be a string')
  }
  return {
    endpoint: known,
    fault: parseFault(typeof fault === 'string' ? { name: fault } : fault),
    ...(times !== undefined && { times }),
    ...(clientId !== undefined && { clientId }),
  }
}

function parseFault(input: unknown): Fault {
  const { name, status, retryAfter, location, ms, bytes } = objectOf<Fault>(input, 'a fault')
  if (!isFaultName(name)) {
    throw new TypeError(`unknown fault ${JSON.stringify(name)}; known: ${FAULT_NAMES.join(', ')}`)
  }
  return {
    name,
    ...(status !== undefined && { status: numberIn('status', status, 200, 599) }),
    ...(retryAfter !== undefined && { retryAfter: headerText('retryAfter', retryAfter) }),
    ...(location !== undefined && { location: headerText('location', location) }),
    ...(ms !== undefined && { ms: numberIn('ms', ms, 0, 3_600_000) }),
    ...(bytes !== undefined && { bytes: numberIn('bytes', bytes, 0, 2 ** 30) }),
  }
}

function objectOf<T>(input: unknown, what: string): Partial<Record<keyof T, unknown>> {
  if (typeof input !== 'object' || input === null) throw new TypeError(`${what} must be an object`)
  return input
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0
}

function numberIn(name: string, value: unknown, least: number, most: number): number {
  if (Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most) {
    return Number(value)
  }
  throw new TypeError(`${name} must be a whole number from ${least} to ${most}`)
}

function headerText(name: string, value: unknown): string {
  const text = typeof value === 'number' ? String(value) : value
  if (typeof text === 'string' && /^[\x20-\x7e]+$/.test(text)) return text
  throw new TypeError(`${name} must be printable ASCII`)
}
