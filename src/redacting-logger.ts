import { writes, type Logger } from './logger'
import { printable } from './printable'
import { redactFacts } from './redact-facts'

/** A logger that never gets a secret, nor a sign that a terminal would obey. Messages are our own words. */
export function redactingLogger(logger: Logger): Logger {
  const at =
    (level: 'debug' | 'info' | 'warn' | 'error'): Logger['info'] =>
    (facts, message) => {
      if (writes(logger, level)) logger[level](redactFacts(facts), printable(message))
    }
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    isLevelEnabled: (level) => writes(logger, level),
  }
}
