import { existsSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'

import { PAGES, proseOf, ROOT } from '../../support/docs/pages'

const LINK = /\]\(([^)\s]+)\)/g
const { files } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  files: readonly string[]
}

interface Link {
  readonly page: string
  /** Path in the repository. */
  readonly path: string
  readonly anchor: string
}

const LINKS = PAGES.flatMap((page) =>
  Array.from(proseOf(page).matchAll(LINK), ([, href = '']) => href)
    .filter((href) => !/^[a-z]+:/.test(href))
    .map((href): Link => {
      const [path = '', anchor = ''] = href.split('#')
      return {
        page,
        path: path === '' ? page : posix.join(posix.dirname(page), path),
        anchor,
      }
    }),
)

test('every link of a page leads to a file', () => {
  expect(LINKS.length).toBeGreaterThan(100)
  expect(LINKS.filter(({ path }) => !existsSync(join(ROOT, path)))).toEqual([])
})

test('every anchor of a link is a heading there, as GitHub and the site name them', () => {
  const toHeadings = LINKS.filter(({ anchor, path }) => anchor !== '' && path.endsWith('.md'))
  expect(toHeadings.filter(({ anchor, path }) => !anchorsOf(path).has(anchor))).toEqual([])
})

// The README is read on GitHub and npmjs.com, which know the repository; docs/ in an editor, too.
test('pages below docs/ link to nothing that the package leaves out', () => {
  const left = LINKS.filter(({ page, path }) => page.startsWith('docs/') && !isShipped(path))
  expect(left).toEqual([])
})

test('the first page below docs/, which README calls all pages, links to every other', () => {
  const linked = LINKS.filter(({ page }) => page === 'docs/README.md').map(({ path }) => path)
  const pages = PAGES.filter((page) => page.startsWith('docs/') && page !== 'docs/README.md')
  expect(pages.filter((page) => !linked.includes(page))).toEqual([])
})

test('no page is left out of the sidebar of the site', () => {
  const sidebar = readFileSync(join(ROOT, 'docs/.vitepress/sidebar.mjs'), 'utf8')
  const pages = PAGES.filter((page) => page.startsWith('docs/')).map((page) =>
    page.slice('docs/'.length, -'.md'.length),
  )
  expect(pages.filter((page) => !new RegExp(`'?\\b${page}\\b'?: '`).test(sidebar))).toEqual([])
})

function anchorsOf(page: string): ReadonlySet<string> {
  const found = new Set<string>()
  for (const [, heading = ''] of proseOf(page).matchAll(/^#+ (.*)$/gm)) {
    const name = heading
      .replace(LINK, ']')
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
      .replaceAll(' ', '-')
    let anchor = name
    for (let n = 1; found.has(anchor); n++) anchor = `${name}-${n}`
    found.add(anchor)
  }
  return found
}

function isShipped(path: string): boolean {
  const always = ['README.md', 'LICENSE', 'package.json']
  return [...always, ...files].some((kept) =>
    kept.endsWith('*.md')
      ? posix.dirname(path) === posix.dirname(kept) && path.endsWith('.md')
      : path === kept || path.startsWith(`${kept}/`),
  )
}
