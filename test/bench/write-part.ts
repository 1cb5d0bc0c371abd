import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export const DOCS = join(__dirname, '../../docs')

/**
 * Puts text between the markers `<!-- name -->` and `<!-- /name -->` of docs/performance.md; the rest stays as it is.
 *
 * @throws {Error} The page has no such markers.
 */
export function writePart(name: string, text: string): void {
  const file = join(DOCS, 'performance.md')
  const page = readFileSync(file, 'utf8')
  const begin = `<!-- ${name} -->`
  const [before, rest] = page.split(begin)
  const [, after] = rest?.split(`<!-- /${name} -->`) ?? []
  if (after === undefined) throw new Error(`${file} has no part ${name}`)
  writeFileSync(file, `${before}${begin}\n\n${text}\n\n<!-- /${name} -->${after}`)
}
