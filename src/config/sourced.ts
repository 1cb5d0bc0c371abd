import { FormatError, type Format, type HostTraits } from '../apps/value-formats'
import type { Origin } from './config'
import type { ConfigProblem } from './config-error'

/** A value as somebody wrote it, and where. */
export interface Sourced {
  readonly value: unknown
  readonly origin: Origin
}

/** Values by name. */
export type SourcedValues = ReadonlyMap<string, Sourced>

/** Settings of apps, by the app's name as written. */
export type SourcedApps = ReadonlyMap<
  string,
  { readonly origin: Origin; readonly settings: SourcedValues }
>

/** What one place says: code, or a file. */
export interface Layer {
  /** Every key but `para.apps`, by its name without the prefix. */
  readonly values: SourcedValues
  readonly apps: SourcedApps
}

/** Values by dotted path; null means: not set. `isGroup` tells what is walked into. */
export function leavesOf(
  object: object,
  isGroup: (path: string, value: unknown) => boolean,
  prefix = '',
): readonly (readonly [path: string, value: unknown])[] {
  return Object.entries(object).flatMap(([name, value]: [string, unknown]) => {
    const path = prefix + name
    if (value === undefined || value === null) return []
    if (!isGroup(path, value)) return [[path, value] as const]
    return leavesOf(value, isGroup, `${path}.`)
  })
}

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What reading the configuration brings to light, beside the values. */
export class Findings {
  readonly problems: ConfigProblem[] = []
  readonly warnings: string[] = []
  /** By wire key, with the prefix `para.`. */
  readonly origins = new Map<string, Origin>()

  constructor(private readonly host: HostTraits = {}) {}

  /** Notes what is wrong with a key, and where that was written, unless `origin` says so. */
  report(key: string, problem: string, origin = this.origins.get(key) ?? 'default'): void {
    this.problems.push({ key, origin, problem })
  }

  hasProblem(key: string): boolean {
    return this.problems.some((problem) => problem.key === key)
  }

  /** Reads a value and notes its origin; a value that does not fit becomes a problem and undefined. */
  read<T>(key: string, { value, origin }: Sourced, format: Format<T, unknown>): T | undefined {
    try {
      const read = format.parse(value)
      this.origins.set(key, origin)
      for (const warning of format.warn?.(value, this.host) ?? []) {
        this.warnings.push(`${key} (${origin}) ${warning}`)
      }
      return read
    } catch (thrown) {
      if (!(thrown instanceof FormatError)) throw thrown
      this.report(key, thrown.message, origin)
      return undefined
    }
  }
}
