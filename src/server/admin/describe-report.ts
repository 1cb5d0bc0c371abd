import { styleText } from 'node:util'

import { counted } from '../../counted'
import type { Level, Result } from '../../doctor/check'
import { printable } from '../../printable'

type Style = 'green' | 'yellow' | 'red'

const STYLES: Readonly<Record<Level, Style>> = { ok: 'green', warning: 'yellow', failure: 'red' }
const LEVEL_CHARACTERS = 'failure'.length
const INDENT = ' '.repeat(LEVEL_CHARACTERS + 2)

/** A line for each result, and its fix below it. */
export function describeResults(results: readonly Result[], isColoured: boolean): string {
  const names = results.map(nameOf)
  const width = Math.max(0, ...names.map((name) => name.length))
  return results
    .map(({ level, seen, fix, origin }, index) => {
      const word = level.padEnd(LEVEL_CHARACTERS)
      const place = origin === undefined ? '' : `  (${printable(origin)})`
      const name = (names[index] ?? '').padEnd(width)
      const line = `${isColoured ? styleText(STYLES[level], word) : word}  ${name}  ${printable(seen)}${place}`
      return fix === undefined ? line : `${line}\n${INDENT}${printable(fix)}`
    })
    .join('\n')
}

/** `2 apps: 1 failure, 3 warnings.` */
export function describeSum(results: readonly Result[], apps: number): string {
  const count = (level: Level, word: string): string => {
    return counted(results.filter((result) => result.level === level).length, word)
  }
  return `${counted(apps, 'app')}: ${count('failure', 'failure')}, ${count('warning', 'warning')}.`
}

/** On a terminal, unless whoever sits there wants none. */
export function wantsColours(stream: { readonly isTTY?: boolean }): boolean {
  const { NO_COLOR: none = '', TERM: terminal } = process.env
  return stream.isTTY === true && none === '' && terminal !== 'dumb'
}

function nameOf({ app, check }: Result): string {
  return app === undefined ? check : `${printable(app)}/${check}`
}
