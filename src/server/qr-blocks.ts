import { qrCode } from '../pages/qr-code'

/** Squares around it that readers need; on a dark terminal they are the light ones. */
const MARGIN = 2

/** A QR code in characters, two rows of squares in each line, for a terminal with light letters on dark ground. */
export function qrBlocks(text: string): string {
  const code = qrCode(text)
  const size = code.length + 2 * MARGIN
  const isLight = (row: number, column: number): boolean =>
    code[row - MARGIN]?.[column - MARGIN] !== true
  const numbers = Array.from({ length: size }, (_, index) => index)
  const lines = numbers
    .filter((row) => row % 2 === 0)
    .map((row) =>
      numbers.map((column) =>
        block(isLight(row, column), row + 1 < size && isLight(row + 1, column)),
      ),
    )
  return lines.map((line) => line.join('')).join('\n')
}

function block(isUpperLight: boolean, isLowerLight: boolean): string {
  if (isUpperLight) return isLowerLight ? '█' : '▀'
  return isLowerLight ? '▄' : ' '
}
