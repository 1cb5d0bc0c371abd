import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, extname, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const DOCS = join(ROOT, 'docs')
const LINK = /\]\(([^)\s]+)\)/g

/**
 * Where a link of a page leads on the site: pages of docs/ are there by themselves, and files beside docs/ (examples,
 * the changelog) have a page each below `/files/`, so that the site is whole without a network.
 *
 * @param page Path in the repository of the page that has the link.
 */
export function siteAddress(href, page) {
  if (/^([a-z]+:|#|\/)/.test(href)) return href
  const [, path, anchor] = /^([^#]*)(.*)$/.exec(href)
  const target = posix.join(posix.dirname(page), path).replace(/\/$/, '')
  if (target.startsWith('docs/')) return `/${target.slice('docs/'.length)}${anchor}`
  // A page that is called x.html would be taken for one already.
  return `/files/${target.replace(/\.md$/, '').replaceAll('.', '-')}.md${anchor}`
}

/** Writes a page for each file that pages link to and docs/ does not hold. */
export function writeLinkedFiles() {
  const waiting = readdirSync(DOCS)
    .filter((name) => name.endsWith('.md'))
    .flatMap((name) => linksOf(`docs/${name}`))
  const done = new Set()
  for (const file of waiting) {
    if (file.startsWith('docs/') || done.has(file)) continue
    done.add(file)
    const page = join(DOCS, siteAddress(file, ''))
    mkdirSync(dirname(page), { recursive: true })
    writeFileSync(page, pageOf(file))
    if (file.endsWith('.md')) waiting.push(...linksOf(file))
  }
  return done.size
}

/** Files of the repository that a page links to. */
function linksOf(page) {
  return [...readFileSync(join(ROOT, page), 'utf8').matchAll(LINK)]
    .map(([, href]) => href.replace(/#.*/, ''))
    .filter((href) => href !== '' && !/^([a-z]+:|\/)/.test(href))
    .map((href) => posix.join(posix.dirname(page), href).replace(/\/$/, ''))
    .filter((file) => existsSync(join(ROOT, file)))
}

function pageOf(file) {
  if (file.endsWith('.md')) {
    const text = readFileSync(join(ROOT, file), 'utf8')
    return text.replace(LINK, (_, href) => `](${siteAddress(href, file)})`)
  }
  const files = statSync(join(ROOT, file)).isDirectory()
    ? readdirSync(join(ROOT, file), { recursive: true, encoding: 'utf8' })
        .map((name) => posix.join(file, name))
        .filter((name) => statSync(join(ROOT, name)).isFile())
    : [file]
  return `# ${file}\n\n${files.map((name) => listing(name, files.length > 1)).join('\n')}`
}

function listing(file, hasHeading) {
  const text = readFileSync(join(ROOT, file), 'utf8')
  const language = { '.mjs': 'js', '.example': 'hocon' }[extname(file)] ?? extname(file).slice(1)
  return `${hasHeading ? `## ${file}\n\n` : ''}\`\`\`\`${language}\n${text.trimEnd()}\n\`\`\`\`\n`
}
