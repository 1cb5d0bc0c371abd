import type { Optional } from '../optional'

/**
 * What a refresh does to the refresh token:
 * - `added`: another one is given, and the one before stays good.
 * - `replaced`: another one is given, and the one before is dead.
 * - `kept`: none is given, the one before stays.
 */
const REFRESH_ROTATIONS = ['added', 'replaced', 'kept'] as const

export type RefreshRotation = (typeof REFRESH_ROTATIONS)[number]

export interface TokenRuleValues {
  /** What a refresh does to the refresh token. Default `added`. Amazon says only that a refresh may give another refresh token. */
  readonly refreshRotation: RefreshRotation
  /** Life of access tokens that are issued from then on, in seconds. Default 3600. */
  readonly accessTokenLifeSeconds: number
}

/** Those of them that are to change. */
export type TokenRuleOptions = Optional<TokenRuleValues>

const LONGEST_LIFE_SECONDS = 86_400

/** How tokens are issued; can be changed while the emulator runs. */
export class TokenRules {
  private current: TokenRuleValues = { refreshRotation: 'added', accessTokenLifeSeconds: 3600 }

  /** @throws {TypeError} When a field is wrong; then nothing is changed. */
  constructor(rules: TokenRuleOptions = {}) {
    this.set(rules)
  }

  get(): TokenRuleValues {
    return this.current
  }

  /**
   * Changes what is named.
   *
   * @throws {TypeError} When a field is wrong; then nothing is changed.
   */
  set(rules: TokenRuleOptions): void {
    const { refreshRotation, accessTokenLifeSeconds } = fieldsOf(rules)
    this.current = {
      refreshRotation: parseRotation(refreshRotation ?? this.current.refreshRotation),
      accessTokenLifeSeconds: parseLife(
        accessTokenLifeSeconds ?? this.current.accessTokenLifeSeconds,
      ),
    }
  }
}

function fieldsOf(input: unknown): Partial<Record<keyof TokenRuleValues, unknown>> {
  if (typeof input === 'object' && input !== null) return input
  throw new TypeError('the rules of tokens are an object')
}

function parseRotation(value: unknown): RefreshRotation {
  const known = REFRESH_ROTATIONS.find((name) => name === value)
  if (known !== undefined) return known
  throw new TypeError(`refreshRotation must be one of ${REFRESH_ROTATIONS.join(', ')}`)
}

function parseLife(value: unknown): number {
  if (Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) <= LONGEST_LIFE_SECONDS) {
    return Number(value)
  }
  throw new TypeError(
    `accessTokenLifeSeconds must be a whole number from 1 to ${LONGEST_LIFE_SECONDS}`,
  )
}
