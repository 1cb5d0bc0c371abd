import { printableLines } from '../../printable'

/** JSON for scripts, which people can look at too. */
export function formatJson(value: unknown): string {
  return printableLines(JSON.stringify(value, null, 2))
}
