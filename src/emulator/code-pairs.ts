import { randomUUID } from 'node:crypto'
import { growingCache } from '../growing-cache'
import { randomText } from './random-text'
import type { Grant } from './grants'

/** As Amazon has it. */
const CODE_PAIR_LIFE_SECONDS = 600
const MAX_KEPT = 10_000
/**
 * No vowels and nothing that looks like a digit, so that a code neither spells a word nor is
 * misread.
 */
const USER_CODE_ALPHABET = 'BCDFGHJKLMNPQRSTVWXZ'

/** A device that waits for a person: RFC 8628's codes and what the person said. */
export interface CodePair {
  readonly userCode: string
  readonly deviceCode: string
  readonly clientId: string
  readonly scope: string
  readonly expiresAtMs: number
  decision: 'pending' | 'denied' | Grant
  lastPolledAtMs: number | undefined
}

export class CodePairs {
  private readonly byUserCode = growingCache<CodePair>({ max: MAX_KEPT })

  constructor(
    private readonly now: () => number,
    readonly lifeSeconds = CODE_PAIR_LIFE_SECONDS,
  ) {}

  issue(clientId: string, scope: string): CodePair {
    const pair: CodePair = {
      userCode: randomText(6, USER_CODE_ALPHABET),
      deviceCode: randomUUID(),
      clientId,
      scope,
      expiresAtMs: this.now() + this.lifeSeconds * 1000,
      decision: 'pending',
      lastPolledAtMs: undefined,
    }
    this.byUserCode.set(pair.userCode, pair)
    return pair
  }

  /** The live pair of a user code, however the person typed it. */
  find(userCode: string): CodePair | undefined {
    const pair = this.byUserCode.get(userCode.trim().toUpperCase())
    return pair !== undefined && this.now() < pair.expiresAtMs ? pair : undefined
  }

  /** Ends a pair: its codes are worth nothing from now on. */
  end(pair: CodePair): void {
    this.byUserCode.delete(pair.userCode)
  }
}
