import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { describeBulk } from './describe-bulk'

const directory = mkdtempSync(join(tmpdir(), 'bulk-'))
let files = 0
afterAll(() => rmSync(directory, { recursive: true }))

describeBulk('SQLite', () => `sqlite:${join(directory, `store-${(files += 1)}.db`)}`)
