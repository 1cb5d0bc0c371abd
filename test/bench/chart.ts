import { isOurs } from './contenders'
import type { Result } from './race'

const ROW = 30
const LEFT = 290
const WIDTH = 760

/** A bar for each contender: CPU time of a login, in times of the floor. */
export function chart(results: readonly Result[]): string {
  const longest = Math.max(...results.map(({ times }) => times))
  const bars = results.map(({ contender, times }, n) => {
    const length = (times / longest) * (WIDTH - LEFT - 60)
    const y = 10 + n * ROW
    const fill = isOurs(contender) ? '#0b7285' : '#adb5bd'
    return [
      `<text x="${LEFT - 8}" y="${y + 16}" text-anchor="end">${contender.title.replaceAll(/[*`]/g, '')}</text>`,
      `<rect x="${LEFT}" y="${y}" width="${length.toFixed(1)}" height="22" rx="3" fill="${fill}"/>`,
      `<text x="${(LEFT + length + 6).toFixed(1)}" y="${y + 16}">${times.toFixed(2)}</text>`,
    ].join('')
  })
  const height = results.length * ROW + 20
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="13" fill="#343a40"><rect width="${WIDTH}" height="${height}" fill="#fff"/>${bars.join('')}</svg>\n`
}
