import { printable, printableLines } from '../../printable'

/** Says on the command line: the answer is for a script. */
export const JSON_OPTION = ['--json', 'print JSON'] as const

export interface JsonOption {
  readonly json?: true
}

/** The answer of a command: JSON with `--json`, else in words. */
export function printAnswer<T>(
  answer: T,
  { json }: JsonOption,
  describe: (answer: T) => string,
): void {
  console.log(json === true ? formatJson(answer) : describe(answer))
}

/** JSON for scripts, which people can look at too. */
export function formatJson(value: unknown): string {
  return printableLines(JSON.stringify(value, null, 2))
}

/** Columns as wide as what stands in them; no cell breaks out of its line. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => row.map((cell) => printable(cell)))
  const widths = cells.reduce<readonly number[]>(
    (wide, row) => row.map((cell, column) => Math.max(wide[column] ?? 0, cell.length)),
    [],
  )
  return cells
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
