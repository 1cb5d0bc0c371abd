import { FormatError, type Format } from '../apps/value-formats'
import type { Origin } from './config'
import type { ConfigProblem } from './config-error'

/** A value as somebody wrote it, and where. */
export interface Sourced {
  readonly value: unknown
  readonly origin: Origin
}

/** Values by name. */
export type SourcedValues = ReadonlyMap<string, Sourced>

/** What reading the configuration brings to light, beside the values. */
export class Findings {
  readonly problems: ConfigProblem[] = []
  readonly warnings: string[] = []
  /** By wire key, with the prefix `para.`. */
  readonly origins = new Map<string, Origin>()

  /** Reads a value and notes its origin; a value that does not fit becomes a problem and undefined. */
  read<T>(key: string, { value, origin }: Sourced, format: Format<T, unknown>): T | undefined {
    try {
      const read = format.parse(value)
      this.origins.set(key, origin)
      for (const warning of format.warn?.(value) ?? []) {
        this.warnings.push(`${key} (${origin}) ${warning}`)
      }
      return read
    } catch (thrown) {
      if (!(thrown instanceof FormatError)) throw thrown
      this.problems.push({ key, origin, problem: thrown.message })
      return undefined
    }
  }
}
