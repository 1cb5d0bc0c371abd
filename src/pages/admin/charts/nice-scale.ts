/** Values of the lines of a chart: from 0 to at least the greatest value, evenly, in round numbers. */
export function niceScale(greatest: number): readonly number[] {
  const step = niceStep(Math.max(greatest, 1) / MOST_LINES)
  const count = Math.max(1, Math.ceil(greatest / step))
  return Array.from({ length: count + 1 }, (_, index) => index * step)
}

const MOST_LINES = 4

/** The least of 1, 2, 5, 10, 20, … that is no less. What is counted here is whole. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(least, 1)))
  return ([1, 2, 5, 10].find((factor) => factor * power >= least) ?? 10) * power
}
