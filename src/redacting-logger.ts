import type { Logger } from './logger'
import { redactFacts } from './redact-facts'

/** A logger that never gets a secret. */
export function redactingLogger(logger: Logger): Logger {
  return {
    debug: (facts, message) => logger.debug(redactFacts(facts), message),
    info: (facts, message) => logger.info(redactFacts(facts), message),
    warn: (facts, message) => logger.warn(redactFacts(facts), message),
    error: (facts, message) => logger.error(redactFacts(facts), message),
  }
}
