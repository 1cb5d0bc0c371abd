/* oxlint-disable no-console -- this is the logger of hosts that have none */
import type { Logger } from './logger'
import { printable } from './printable'
import { redactFacts } from './redact-facts'

/** Warnings and errors go to the console's error stream; the rest is left out. */
export const consoleLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: (facts, message) => console.warn(`amazonAuth: ${printable(message)}`, redactFacts(facts)),
  isLevelEnabled: (level) => level === 'warn' || level === 'error',
  error: (facts, message) => console.error(`amazonAuth: ${printable(message)}`, redactFacts(facts)),
}
