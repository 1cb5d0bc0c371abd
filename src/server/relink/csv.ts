/** What a spreadsheet takes for the begin of a formula. Names are what strangers have called themselves. */
const FORMULA = /^[=+\-@\t\r]/

/** One line of comma-separated values (RFC 4180). A value that would be a formula gets an apostrophe before it. */
export function formatCells(cells: readonly string[]): string {
  return cells
    .map((cell) => (FORMULA.test(cell) ? `'${cell}` : cell))
    .map((cell) => (/[",;\n\r\t]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
    .join(',')
}

/** What stands between the names of a header: spreadsheets write what their country is used to. */
export function separatorOf(header: string): string {
  return /[,;\t]/.exec(header)?.[0] ?? ','
}

/** @returns Undefined: a quotation mark is not closed. */
export function parseCells(line: string, separator: string): readonly string[] | undefined {
  const cells: string[] = []
  let cell = ''
  let isQuoted = false
  for (let at = 0; at < line.length; at += 1) {
    const sign = line.charAt(at)
    if (isQuoted && sign === '"' && line.charAt(at + 1) === '"') {
      cell += sign
      at += 1
    } else if (sign === '"' && (isQuoted || cell === '')) isQuoted = !isQuoted
    else if (sign === separator && !isQuoted) {
      cells.push(cell)
      cell = ''
    } else cell += sign
  }
  return isQuoted ? undefined : [...cells, cell]
}
