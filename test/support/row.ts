import { appendFileSync, mkdirSync } from 'node:fs'
import { basename, join } from 'node:path'

import type { RowId } from '../safety/rows'

/** Where the rows leave what they saw, for the reporter that prints the table. */
const FOLDER = join(__dirname, '../../artifacts/safety')

/** Whether rows that need minutes take them (`npm run safety:long`); otherwise they run in a short form. */
export const IS_LONG = process.env.SAFETY === 'long'

const LONG_LIMIT_MS = 900_000

/** A count or time of a row that has two forms. */
export function sized<T>(forms: { readonly short: T; readonly long: T }): T {
  return IS_LONG ? forms.long : forms.short
}

/**
 * A test that stands for a row of the safety table.
 *
 * @param id The row, or several that one run shows.
 * @param tried What is done, as a fact: it is the title of the test and stands in the table.
 * @param run Fails by throwing. Returns what was seen, with figures, as the table prints it.
 * @param timeoutMs Limit for the run. Default: that of all tests, or a quarter of an hour in the long form.
 */
export function row(
  id: RowId | readonly RowId[],
  tried: string,
  run: () => Promise<string> | string,
  timeoutMs = IS_LONG ? LONG_LIMIT_MS : undefined,
): void {
  const ids = typeof id === 'string' ? [id] : id
  const title = `${ids.join(' ')} ${tried}`
  test(
    title,
    async () => {
      const seen = await run()
      note({ title: expect.getState().currentTestName ?? title, seen })
    },
    timeoutMs,
  )
}

function note(record: { readonly title: string; readonly seen: string }): void {
  const { testPath = 'unknown' } = expect.getState()
  mkdirSync(FOLDER, { recursive: true })
  const file = join(FOLDER, `${basename(testPath, '.test.ts')}.jsonl`)
  appendFileSync(file, `${JSON.stringify(record)}\n`)
}
