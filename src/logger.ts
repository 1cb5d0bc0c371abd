/** What this package needs of a logger: pino, bunyan and winston's child loggers fit. */
export interface Logger {
  debug(facts: object, message: string): void
  info(facts: object, message: string): void
  warn(facts: object, message: string): void
  error(facts: object, message: string): void
  /** Whether lines of a level are written. Without it, all are taken to be. */
  isLevelEnabled?(level: string): boolean
}

/** Whether it is worth while to put a line together. */
export function writes(logger: Logger, level: string): boolean {
  return typeof logger.isLevelEnabled !== 'function' || logger.isLevelEnabled(level)
}
