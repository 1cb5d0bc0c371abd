import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const ROOT = join(__dirname, '../../..')

/** Pages that people read: paths in the repository. */
export const PAGES: readonly string[] = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'].filter((file) =>
    existsSync(join(ROOT, file)),
  ),
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
  ...readdirSync(join(ROOT, 'examples'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md') && !name.includes('node_modules'))
    .map((name) => `examples/${name}`),
]

export function readPage(page: string): string {
  return readFileSync(join(ROOT, page), 'utf8')
}

/** A fenced block of a page. */
export interface Block {
  /** Where it begins: `docs/tokens.md:12`. */
  readonly place: string
  /** `before`: code of another package, as people have it. */
  readonly language: string
  readonly code: string
}

const FENCED = /^( *)(`{3,})([\w-]*)([^\n]*)\n([\s\S]*?)^\1\2$/gm

export function blocksOf(page: string): readonly Block[] {
  const text = readPage(page)
  return Array.from(text.matchAll(FENCED), (found) => {
    const [, indent = '', , named = '', info = '', code = ''] = found
    const language = info.trim() === 'before' ? 'before' : named
    const line = text.slice(0, found.index).split('\n').length
    return {
      place: `${page}:${line}`,
      language,
      code: code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    }
  })
}

/** Blocks of all pages in one of these languages. */
export function blocksIn(...languages: readonly string[]): readonly Block[] {
  return PAGES.flatMap(blocksOf).filter(({ language }) => languages.includes(language))
}

/** A page without its fenced blocks. */
export function proseOf(page: string): string {
  return readPage(page).replaceAll(FENCED, '')
}
