// npm run templates: writes the JavaScript of the templates of `init`, which is their TypeScript without types.
// With --check it writes nothing, and ends with status 1 where one is not up to date.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

import { format, resolveConfig } from 'prettier'
import blankSpace from 'ts-blank-space'

const TEMPLATES = resolve(import.meta.dirname, '../../templates')
const isCheck = process.argv.includes('--check')

for (const name of readdirSync(TEMPLATES, { recursive: true }).filter((one) => /\.ts$/.test(one))) {
  const file = join(TEMPLATES, name)
  const target = file.replace(/ts$/, 'js')
  const withoutTypes = blankSpace(readFileSync(file, 'utf8'))
  const config = await resolveConfig(target)
  const text = await format(withoutTypes, { ...config, filepath: target })
  if (!isCheck) writeFileSync(target, text)
  else if (readFileSync(target, 'utf8') !== text) {
    console.log(`${name}: its JavaScript is not up to date (npm run templates)`)
    process.exitCode = 1
  }
}
