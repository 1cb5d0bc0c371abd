import type { Logger } from './logger'
import { printable } from './printable'
import { redactFacts } from './redact-facts'

/** A logger that never gets a secret, nor a sign that a terminal would obey. Messages are our own words. */
export function redactingLogger(logger: Logger): Logger {
  return {
    debug: (facts, message) => logger.debug(redactFacts(facts), printable(message)),
    info: (facts, message) => logger.info(redactFacts(facts), printable(message)),
    warn: (facts, message) => logger.warn(redactFacts(facts), printable(message)),
    error: (facts, message) => logger.error(redactFacts(facts), printable(message)),
  }
}
