import { InvalidArgumentError } from 'commander'

import { FormatError, seconds } from '../apps/value-formats'

const DATE = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)?$/
const ZONE = /(?:Z|[+-]\d\d:?\d\d)$/i

/**
 * Reads a point in time from the command line: `2h` (before now), `2026-11-28`, `2026-11-28T10:00`, with or without a time
 * zone. Without one it is UTC, as all times that we print are.
 *
 * @returns Milliseconds since 1970.
 */
export function readMoment(argument: string): number {
  const text = argument.trim()
  const moment = /^[\d.]+\s*[a-z]+$/.test(text) ? readAge(text) : readDate(text)
  if (moment !== undefined && !Number.isNaN(moment)) return moment
  throw new InvalidArgumentError(
    'It must be a date such as 2026-11-28 or 2026-11-28T10:00Z, or how long ago: 30m, 2h, 7d.',
  )
}

/**
 * Reads a length of time from the command line: `90s`, `30m`, `2h`.
 *
 * @returns Seconds.
 */
export function readDuration(argument: string): number {
  try {
    return seconds.parse(argument.trim())
  } catch (thrown) {
    if (!(thrown instanceof FormatError)) throw thrown
    throw new InvalidArgumentError('It must be a time such as 90s, 30m or 2h.')
  }
}

function readAge(text: string): number | undefined {
  try {
    return Date.now() - seconds.parse(text) * 1000
  } catch (thrown) {
    if (!(thrown instanceof FormatError)) throw thrown
    return undefined
  }
}

function readDate(text: string): number | undefined {
  const [zone = ''] = ZONE.exec(DATE.test(text) ? '' : text) ?? []
  const local = text.slice(0, text.length - zone.length)
  if (!DATE.test(local)) return undefined
  return Date.parse(
    `${local.includes(':') ? local.replace(' ', 'T') : `${local}T00:00`}${zone || 'Z'}`,
  )
}
