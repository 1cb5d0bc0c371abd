import type { Origin } from './config'

/** One thing that is wrong in the configuration. Never holds a value: it may be a secret. */
export interface ConfigProblem {
  /** Wire key, e.g. `para.port`; empty when a whole file cannot be read. */
  readonly key: string
  readonly origin: Origin
  /** Sentence without a subject, e.g. `must be true or false`. */
  readonly problem: string
}

/** The configuration cannot be used. Its message has one line for each problem. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'

  constructor(readonly problems: readonly ConfigProblem[]) {
    super(problems.map(sentence).join('\n'))
  }
}

function sentence({ key, origin, problem }: ConfigProblem): string {
  // What nobody has written stands nowhere.
  if (origin === 'default') return `${key} ${problem}`
  return key === '' ? `${origin}: ${problem}` : `${key} (${origin}) ${problem}`
}
