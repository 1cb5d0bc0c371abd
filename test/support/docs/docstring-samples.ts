import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { type Block, ROOT } from './pages'

const EXAMPLE = /^ *\* @example\b(.*(?:\n *\*(?! @|\/).*)*)/gm
const EXPORTED = /export (?:type )?\{([^}]*)\} from '(\.[^']*)'/g

/** A file of which an entry of the package exports names. */
interface PublicFile {
  readonly file: string
  readonly names: readonly string[]
  /** What they are imported from. */
  readonly entry: string
}

/** Code in the `@example`s of what the package exports, which its names are imported for. */
export function docstringSamples(): readonly Block[] {
  const files = publicFiles()
  return [...new Set(files.map(({ file }) => file))].flatMap((file) => {
    const source = readFileSync(join(ROOT, file), 'utf8')
    return Array.from(source.matchAll(EXAMPLE), ({ 1: text = '', index }) => {
      const code = text.replaceAll(/^ *\* ?/gm, '').replaceAll('*\\/', '*/')
      const line = source.slice(0, index).split('\n').length
      return { place: `${file}:${line}`, language: 'ts', code: asModule(code, files) }
    })
  })
}

/** With the names of this package imported, and as the body of a function: an example may await and return. */
function asModule(code: string, files: readonly PublicFile[]): string {
  const imported = new Map<string, string>()
  for (const { names, entry } of files) {
    for (const name of names.filter((one) => new RegExp(`\\b${one}\\b`).test(code))) {
      if (!imported.has(name)) imported.set(name, `import { ${name} } from '${entry}'`)
    }
  }
  const lines = code.split('\n')
  const own = lines.filter((line) => line.startsWith('import '))
  const body = lines.filter((line) => !line.startsWith('import '))
  return [...imported.values(), ...own, 'export async function sample() {', ...body, '}'].join('\n')
}

function publicFiles(): readonly PublicFile[] {
  const { name, exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    name: string
    exports: Record<string, string | { types: string }>
  }
  return Object.entries(exports).flatMap(([entry, target]) => {
    if (typeof target === 'string') return []
    const index = target.types.replace('./dist/', 'src/').replace('.d.ts', '.ts')
    const source = readFileSync(join(ROOT, index), 'utf8')
    return Array.from(source.matchAll(EXPORTED), ([, names = '', path = '']) => ({
      file: join(index, '..', `${path}.ts`),
      names: names.split(',').flatMap((part) => part.replace('type ', '').trim() || []),
      entry: entry.replace('.', name),
    }))
  })
}
