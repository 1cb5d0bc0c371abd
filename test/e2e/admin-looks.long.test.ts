import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

import type { Browser, Page, Response } from 'playwright-core'

import { Workplace, type Listening } from '../integration/server/command-line'
import { findFaultsOfLooks, LOOKS } from '../support/axe'
import { describeInBrowser, launchChromium } from '../support/chromium'

/** Where pictures are put, to be looked at; undefined: none are taken. */
const PICTURES = process.env.SCREENSHOTS
const MAX_KINDS = 60

describeInBrowser('the pages for operators, as the demo fills them', () => {
  let place: Workplace
  let demo: Listening
  let browser: Browser
  let page: Page
  const complaints: string[] = []

  beforeAll(async () => {
    if (PICTURES !== undefined) mkdirSync(PICTURES, { recursive: true })
    place = new Workplace()
    browser = await launchChromium()
    demo = await place.listen(['demo', '--port', '0', '--emulator-port', '0'])
    page = await browser.newPage({ locale: 'en', viewport: { width: 1280, height: 900 } })
    page.on('console', (message) => {
      // Chromium's hint that a form with several secrets may be several forms is none.
      if (!['error', 'warning'].includes(message.type())) return
      complaints.push(`${page.url()}: ${message.text()}`)
    })
    page.on('pageerror', (error) => complaints.push(`${page.url()}: ${String(error)}`))
  }, 60_000)
  afterAll(async () => {
    await browser.close()
    await place.clear()
  })

  test('every kind that a link leads to: axe finds nothing, nothing is wider than the page, nothing is missing', async () => {
    await page.goto(`${demo.origin}/admin/sign-in`)
    const found: Record<string, readonly string[]> = {}
    const note = async (kind: string) => {
      const faults = await findFaultsOfLooks(page)
      if (faults.length > 0) found[kind] = faults
      await shoot(kind)
    }
    await note('/admin/sign-in')
    await page.goto(demo.origin)
    await page.getByTestId('operators').click()
    await page.waitForURL(`${demo.origin}/admin/`)

    const kinds = new Map([['/admin/', '/admin/']])
    for (const [kind, path] of kinds) {
      const answer = await page.goto(demo.origin + path, { waitUntil: 'load' }).catch(String)
      // A file to keep is no page.
      if (typeof answer === 'string' || !isPage(answer)) continue
      if (answer?.ok() !== true) found[kind] = [`answers ${answer?.status()}`]
      else await note(kind)
      for (const link of await linksOf(page)) {
        if (kinds.size < MAX_KINDS && !kinds.has(kindOf(link))) kinds.set(kindOf(link), link)
      }
    }
    console.info([...kinds.keys()].join('\n'))
    expect(found).toEqual({})
    expect(complaints).toEqual([])
  }, 900_000)

  async function shoot(kind: string): Promise<void> {
    if (PICTURES === undefined) return
    for (const { colorScheme, width } of LOOKS) {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width, height: 800 })
      const file = `admin${kind.replace(/\W+/g, '-')}-${colorScheme}-${width}.png`
      await page.screenshot({ path: join(PICTURES, file), fullPage: true })
    }
  }
})

function isPage(answer: Response | null): boolean {
  return answer?.headers()['content-type']?.includes('html') === true
}

/** Paths with queries that the page links to, as far as they are of the pages for operators. */
async function linksOf(page: Page): Promise<readonly string[]> {
  const links = await page
    .locator('a[href]')
    .evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href))
  return links
    .map((link) => new URL(link))
    .filter(
      ({ pathname, origin }) =>
        origin === new URL(page.url()).origin && pathname.startsWith('/admin/'),
    )
    .map(({ pathname, search }) => pathname + search)
}

/** What stands for all pages of a kind: its path without names and numbers, and which parameters it has. */
function kindOf(link: string): string {
  const { pathname, searchParams } = new URL(link, 'http://here')
  const path = pathname.replace(/\/apps\/[^/]+/, '/apps/:app').replace(/\/[\w-]*\d[\w-]*/g, '/:id')
  const names = [...new Set(searchParams.keys())].sort()
  return names.length === 0 ? path : `${path}?${names.join('&')}`
}
