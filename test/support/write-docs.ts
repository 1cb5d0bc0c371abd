import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { ROOT } from './docs/pages'
import { errorsPage, keysPage } from './docs/tables'

// npm run docs:tables: writes what docs/ has from tables of the code.
writeFileSync(join(ROOT, 'docs/errors.md'), errorsPage())
writeFileSync(join(ROOT, 'docs/keys.md'), keysPage())
