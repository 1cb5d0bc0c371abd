import type { SettingRemark } from './settings-in-force'

/** Of a header that holds them; all headers of an answer have to fit into the buffer of a proxy. */
const MAX_CHARACTERS = 2_000

/**
 * Remarks as a header has them: `session_timeout="must be …", colour="…"`. Names are percent-encoded. Those that do not
 * fit are left out.
 */
export function formatRemarks(remarks: readonly SettingRemark[]): string {
  let list = ''
  for (const { setting, problem } of remarks) {
    // Problems are ours and plain, but some tell what was written.
    const plain = problem.replaceAll('"', "'").replace(/[^ -~]/g, '?')
    const item = `${asciiName(setting)}="${plain}"`
    const longer = list === '' ? item : `${list}, ${item}`
    if (longer.length > MAX_CHARACTERS) break
    list = longer
  }
  return list
}

/** A remark as a sentence without its full stop. Nothing in it is obeyed by a terminal. */
export function describeRemark({ setting, problem }: SettingRemark): string {
  return `${asciiName(setting)} ${problem}`
}

/** Apps name their settings as they like, and so in any letters. */
function asciiName(name: string): string {
  return name.toWellFormed().replace(/[^\w.:/-]+/g, encodeURIComponent)
}
