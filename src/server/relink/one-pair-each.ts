import { printable } from '../../printable'
import type { PairLine } from './pair-file'

/** What is shown of users, and of the lines of one. */
const SHOWN = 10

/**
 * Finds who stands in more than one of the pairs that are to be done. Whichever came first would win, and that may be a
 * pair of two people. It keeps ids and numbers of lines, nothing else.
 */
export class OnePairEach {
  private readonly lines = new Map<string, number>()
  private readonly repeated = new Map<string, number[]>()

  add({ oldId, newId, newIdentifier, line }: PairLine): void {
    // An old user of one pair is no new one of another either: it would get an identifier, and lose it again.
    this.note(`user/${oldId}`, line)
    // A user who is told of needs not be told of by the identifier too.
    if (this.note(`user/${newId}`, line)) this.note(newIdentifier, line)
  }

  /** @returns Whether it is the first time. */
  private note(name: string, line: number): boolean {
    const first = this.lines.get(name)
    if (first === undefined) this.lines.set(name, line)
    else this.repeated.set(name, [...(this.repeated.get(name) ?? [first]).slice(0, SHOWN), line])
    return first === undefined
  }

  /** @returns Undefined: everybody stands in one pair. */
  explain(): string | undefined {
    if (this.repeated.size === 0) return undefined
    const shown = Array.from(this.repeated).slice(0, SHOWN)
    const told = shown.map(([name, lines]) => `  ${printable(name)}  lines ${list(lines)}`)
    if (this.repeated.size > SHOWN) told.push(`  and ${this.repeated.size - SHOWN} more`)
    return `these stand in more than one pair that says yes. Pick one pair, and say no to the others. Nothing was changed.\n${told.join('\n')}`
  }
}

function list(lines: readonly number[]): string {
  return lines.length > SHOWN
    ? `${lines.slice(0, SHOWN).join(', ')} and further ones`
    : lines.join(', ')
}
