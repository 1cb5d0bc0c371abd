/** The candidate that was most likely meant, or undefined: at most two letters away, or one is the last part of the other. */
export function suggest(name: string, candidates: Iterable<string>): string | undefined {
  const allowed = name.length < 6 ? 1 : 2
  const isNear = (candidate: string): boolean =>
    Math.abs(candidate.length - name.length) <= allowed || isPart(name, candidate)
  const ranked = Array.from(candidates)
    .filter(isNear)
    .map((candidate) => ({
      candidate,
      distance: isPart(name, candidate) ? 1 : countEdits(name, candidate),
    }))
    .sort((a, b) => a.distance - b.distance)
  const [best] = ranked
  return best !== undefined && best.distance <= allowed ? best.candidate : undefined
}

/** Letters put in, left out, replaced, or swapped with their neighbour (`prot` for `port`). */
function countEdits(from: string, to: string): number {
  let above: readonly number[] = []
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let row = 1; row <= from.length; row++) {
    const current = [row]
    for (let column = 1; column <= to.length; column++) {
      const replace = (previous[column - 1] ?? 0) + (to[column - 1] === from[row - 1] ? 0 : 1)
      const isSwap = to[column - 1] === from[row - 2] && to[column - 2] === from[row - 1]
      const swap = isSwap ? (above[column - 2] ?? Infinity) + 1 : Infinity
      const shift = Math.min(previous[column] ?? 0, current[column - 1] ?? 0) + 1
      current.push(Math.min(replace, swap, shift))
    }
    above = previous
    previous = current
  }
  return previous[to.length] ?? 0
}

/** Whether one name is the last part of the other. */
function isPart(one: string, other: string): boolean {
  return one !== '' && other !== '' && (one.endsWith(`.${other}`) || other.endsWith(`.${one}`))
}
