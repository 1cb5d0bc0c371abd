import pino, { stdTimeFunctions, type LevelWithSilent, type LoggerOptions } from 'pino'

import type { Logger } from '../../logger'
import { printable } from '../../printable'
import { redactFacts } from '../../redact-facts'
import { currentRequest } from './request-line'

export const LOG_LEVELS = ['error', 'warn', 'info', 'debug', 'silent'] as const
export type LogLevel = Extract<LevelWithSilent, (typeof LOG_LEVELS)[number]>

const WRITTEN_TOGETHER_BYTES = 4 * 1024
const WRITTEN_AFTER_MS = 100
const WARN = pino.levels.values.warn ?? 0

/**
 * A logger that writes JSON, a line each, on standard output: some lines at a time, a warning or an error at once with all
 * before it. The rest is written when the process ends, by itself or by what nobody caught; one that is killed (SIGKILL,
 * no memory left) loses at most the last tenth of a second.
 */
export function createLogger(level: LogLevel): Logger {
  const output = pino.destination({
    dest: process.stdout.fd,
    sync: false,
    minLength: WRITTEN_TOGETHER_BYTES,
    periodicFlush: WRITTEN_AFTER_MS,
  })
  const options: LoggerOptions = {
    level,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }), log: redactFacts },
    hooks: {
      // Called for what is written only.
      logMethod([facts, message, ...more], log, severity) {
        log.apply(this, [
          facts,
          typeof message === 'string' ? printable(message) : message,
          ...more,
        ])
        if (severity >= WARN) output.flush()
      },
    },
    mixin() {
      const request = currentRequest.getStore()
      return request === undefined ? {} : { requestId: request.requestId }
    },
  }
  return pino(options, output)
}

/** For commands whose output is their answer. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}
