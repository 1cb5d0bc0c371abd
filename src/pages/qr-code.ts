import { loadQrcode } from '../late-packages'
import { html, type Html } from './html'

/** A QR code as rows of squares, true where they are dark. Its library is loaded by the first one. */
export function qrCode(text: string): readonly (readonly boolean[])[] {
  const code = loadQrcode()(0, 'M')
  code.addData(text)
  code.make()
  const numbers = Array.from({ length: code.getModuleCount() }, (_, index) => index)
  return numbers.map((row) => numbers.map((column) => code.isDark(row, column)))
}

/** Squares of white that readers need around it. */
const MARGIN = 4

/**
 * The same as a picture within a page: dark on white in any theme, sharp at any size.
 *
 * @param label What it is, for those who do not see it.
 */
export function qrPicture(text: string, label: string): Html {
  const rows = qrCode(text)
  const size = rows.length + 2 * MARGIN
  const runs = rows.flatMap((row, y) =>
    darkRuns(row).map(({ from, length }) => square(from, y, length)),
  )
  return html`<svg
    class="qr"
    role="img"
    aria-label="${label}"
    viewBox="0 0 ${size} ${size}"
    shape-rendering="crispEdges"
  >
    <rect width="${size}" height="${size}" fill="#fff" />
    <path fill="#000" d="${runs.join('')}" />
  </svg>`
}

function square(x: number, y: number, length: number): string {
  return `M${x + MARGIN} ${y + MARGIN}h${length}v1h-${length}z`
}

function darkRuns(row: readonly boolean[]): readonly { from: number; length: number }[] {
  const runs: { from: number; length: number }[] = []
  for (const [at, isDark] of row.entries()) {
    const last = runs.at(-1)
    if (!isDark) continue
    if (last !== undefined && last.from + last.length === at) last.length += 1
    else runs.push({ from: at, length: 1 })
  }
  return runs
}
