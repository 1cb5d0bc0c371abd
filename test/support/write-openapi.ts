import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'

import { stringify } from 'yaml'

import { openApi } from '../../src/http/api/openapi'

// npm run openapi: writes the description of the API, which is made from its own tables, to a file.
writeFileSync(
  resolve(__dirname, '../../docs/openapi.yaml'),
  stringify(openApi(), { aliasDuplicateObjects: false, lineWidth: 0, singleQuote: true }),
)
