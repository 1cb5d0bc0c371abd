import { printable } from './printable'
import { redactText } from './redact-text'

/** Text of others as it may stand in a line of the log: bounded, without what looks like a secret, and on one line. */
export function textForLog(text: string): string {
  return printable(redactText(text))
}
