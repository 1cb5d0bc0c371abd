import { hash } from 'node:crypto'

import { ADMIN_STYLE } from './admin-style'
import { COPY } from './scripts/copy'
import { LIVE } from './scripts/live'
import { ONCE } from './scripts/once'
import { FOLLOW } from './scripts/follow'
import { PICK_ALL } from './scripts/pick-all'

/** A file that pages for operators load. */
export interface Asset {
  /** Its name holds a hash of what is in it, so it may be kept for good. */
  readonly fileName: string
  readonly contentType: string
  readonly text: string
}

const HASH_CHARACTERS = 12

/** Scripts by name. They add to pages that work without them. */
const SCRIPTS = {
  'copy.js': COPY,
  'live.js': LIVE,
  'once.js': ONCE,
  'follow.js': FOLLOW,
  'pick-all.js': PICK_ALL,
} as const

export type ScriptName = keyof typeof SCRIPTS

/** All files, by name. */
export const ASSETS: ReadonlyMap<string, Asset> = new Map([
  ['admin.css', asset('admin.css', 'text/css; charset=utf-8', ADMIN_STYLE)],
  ...Object.entries(SCRIPTS).map(
    ([name, text]) => [name, asset(name, 'text/javascript; charset=utf-8', text)] as const,
  ),
])

function asset(name: string, contentType: string, text: string): Asset {
  const mark = hash('sha256', text, 'hex').slice(0, HASH_CHARACTERS)
  return { fileName: name.replace('.', `.${mark}.`), contentType, text }
}
