import { describeError } from './describe-error'
import { textForLog } from './text-for-log'

/** More of one kind say nothing new. */
const MAX_ITEMS = 100

/** Facts for the log as they may be written: texts by {@link textForLog}, errors by name, code and message alone. */
export function redactFacts(facts: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, redact(fact)]))
}

function redact(fact: unknown): unknown {
  if (typeof fact === 'string') return textForLog(fact)
  if (Array.isArray(fact)) return fact.slice(0, MAX_ITEMS).map(redact)
  return typeof fact === 'object' && fact !== null ? describeError(fact) : fact
}
