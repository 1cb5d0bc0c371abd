import { AsyncLocalStorage } from 'node:async_hooks'

import pino, { stdTimeFunctions, type LevelWithSilent } from 'pino'

import type { Logger } from '../../logger'
import { printable } from '../../printable'
import { redactFacts } from '../../redact-facts'

export const LOG_LEVELS = ['error', 'warn', 'info', 'debug', 'silent'] as const
export type LogLevel = Extract<LevelWithSilent, (typeof LOG_LEVELS)[number]>

/** Id of the request that is being answered: so that every line about it names it. */
export const currentRequestId = new AsyncLocalStorage<string>()

/** A logger that writes JSON, a line each, on standard output. */
export function createLogger(level: LogLevel): Logger {
  return pino({
    level,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }), log: redactFacts },
    hooks: {
      // Called for what is written only.
      logMethod([facts, message, ...more], log) {
        log.apply(this, [
          facts,
          typeof message === 'string' ? printable(message) : message,
          ...more,
        ])
      },
    },
    mixin() {
      const requestId = currentRequestId.getStore()
      return requestId === undefined ? {} : { requestId }
    },
  })
}

/** For commands whose output is their answer. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}
