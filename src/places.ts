/** Places that several share, none of whom can take all. */
export interface Places {
  /** How many are free. */
  free(): number
  /** How many are held under a name. */
  held(name: string): number
  /**
   * Takes one under each of these names, unless all are taken, or one of the names holds too many.
   *
   * @returns Gives it back; undefined: it was not taken.
   */
  take(names: readonly string[]): (() => void) | undefined
}

/**
 * Each name may hold so many times as many places as are free, as switches share their buffers among ports (Choudhury, Hahne
 * 1998): with 1, one name alone gets half of them, two get a third each, and so on. Some are always left for others.
 */
export function createPlaces(total: number, timesFree: number): Places {
  const taken = new Map<string, number>()
  let free = total
  const held = (name: string): number => taken.get(name) ?? 0
  function change(names: readonly string[], by: 1 | -1): void {
    free -= by
    for (const name of names) {
      const left = held(name) + by
      if (left === 0) taken.delete(name)
      else taken.set(name, left)
    }
  }
  return {
    free: () => free,
    held,
    take(names) {
      if (free <= 0 || names.some((name) => held(name) >= timesFree * free)) return undefined
      change(names, 1)
      return () => change(names, -1)
    },
  }
}
