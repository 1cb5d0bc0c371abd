import { describeError } from './describe-error'
import { redactText } from './redact-text'

/** Facts for the log as they may be written: texts without secrets, errors by name, code and message alone. */
export function redactFacts(facts: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, redact(fact)]))
}

function redact(fact: unknown): unknown {
  if (typeof fact === 'string') return redactText(fact)
  if (Array.isArray(fact)) return fact.map(redact)
  return typeof fact === 'object' && fact !== null ? describeError(fact) : fact
}
