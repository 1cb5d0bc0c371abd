import { believableTime } from '../../believable-time'
import { gravatar } from '../../users/gravatar'
import { webAddress } from '../web-address'
import type { AppLine, ExportLine, UserLine, WebhookLine } from './export-format'

/**
 * A store may have what no import takes (the clock of a server was wrong, a back end has named a picture): an export of it is
 * good all the same. A time yet to come makes way for the other one, or for now; a picture that is no web address for that of
 * the email.
 *
 * @returns The line itself where there is nothing to mend.
 */
export function mendLine(line: ExportLine): ExportLine {
  if (!('created_at' in line)) return line
  const isOdd = !isBelievable(line) || (line.type === 'user' && !isShowable(line.picture))
  if (!isOdd) return line
  const timed = { ...line, ...mendTimes(line) }
  if (timed.type !== 'user' || isShowable(timed.picture)) return timed
  return { ...timed, picture: gravatar(timed.email) }
}

type Timed = Pick<AppLine | WebhookLine | UserLine, 'created_at' | 'updated_at'>

function isBelievable({ created_at, updated_at }: Timed): boolean {
  return believableTime(created_at) !== undefined && believableTime(updated_at) !== undefined
}

function mendTimes({ created_at, updated_at }: Timed): Timed {
  const updated = believableTime(updated_at)
  const created = believableTime(created_at) ?? updated ?? Date.now()
  return { created_at: created, updated_at: updated ?? created }
}

/** There may be none. */
function isShowable(picture: string): boolean {
  return picture === '' || webAddress(picture) !== undefined
}
