import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, posix } from 'node:path'
import { promisify } from 'node:util'

import express from 'express'
import type { Browser, Page } from 'playwright-core'

import { findFaultsOfLooks, LOOKS } from '../support/axe'
import { describeInBrowser, launchChromium } from '../support/chromium'
import { ROOT } from '../support/docs/pages'

const SITE = join(ROOT, 'docs/.vitepress/dist')
/** The name of VitePress's button for the search does not say its key, which is shown on it. */
const IS_OF_THEME = /label-content-name-mismatch: .* \.DocSearch /
const BUILDING_MS = 600_000
/** Where pictures are put, to be looked at; undefined: none are taken. */
const PICTURES = process.env.SCREENSHOTS
/** One of each kind: what is written, tables of settings, code, a drawing, the reference of code, a file. That of HTTP is of the same making, and too long for axe. */
const PAGES = [
  'index',
  'errors',
  'troubleshooting',
  'architecture',
  'api/express-amazon-auth/interfaces/AmazonAuthOptions',
]

describeInBrowser('the site of docs/', () => {
  let server: Server
  let browser: Browser
  let page: Page
  let origin: string
  const asked: string[] = []
  const complaints: string[] = []

  beforeAll(async () => {
    await promisify(execFile)('npm', ['run', 'docs'], { cwd: ROOT })
    server = express().use(express.static(SITE)).listen(0, '127.0.0.1')
    await once(server, 'listening')
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    browser = await launchChromium()
    page = await browser.newPage()
    page.on('request', (request) => asked.push(request.url()))
    page.on('response', (response) => {
      if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`)
    })
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
  }, BUILDING_MS)
  afterAll(async () => {
    await browser.close()
    server.close()
  })

  async function open(name: string): Promise<void> {
    await page.goto(`${origin}/${name}.html`, { waitUntil: 'load' })
  }

  test.each(PAGES)(
    '%s has no fault that axe finds, and is never wider than the window',
    async (name) => {
      await open(name)
      if (PICTURES !== undefined) await takePictures(name)
      const found = await findFaultsOfLooks(page)
      expect(found.filter((fault) => !IS_OF_THEME.test(fault))).toEqual([])
    },
  )

  test('its search finds what Amazon says, and leads there', async () => {
    await page.setViewportSize({ width: 1280, height: 900 })
    await open('index')
    await page.locator('#local-search button').click()
    await page.locator('#localsearch-input').fill('redirect URI has not been whitelisted')
    const first = page.locator('#localsearch-list a').first()
    await first.waitFor()
    expect(await first.getAttribute('href')).toMatch(/^\/troubleshooting\.html#400-bad-request/)
    await first.click()
    await page.waitForURL(/troubleshooting/)
    expect(await page.locator('h1').innerText()).toContain('Troubleshooting')
  })

  test('asks nobody but itself, and has nothing to complain of', () => {
    expect(asked.length).toBeGreaterThan(20)
    expect(asked.filter((url) => !url.startsWith(origin) && !url.startsWith('data:'))).toEqual([])
    expect(complaints).toEqual([])
  })

  test('every link in it leads to a page, and to a place on it', () => {
    const pages = new Map(
      readdirSync(SITE, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.html'))
        .map((name) => [`/${name}`, readFileSync(join(SITE, name), 'utf8')]),
    )
    const files = new Set(readdirSync(SITE, { recursive: true, encoding: 'utf8' }))
    const dead = Array.from(pages).flatMap(([from, html]) =>
      Array.from(html.matchAll(/<a\b[^>]*\bhref="([^"]*)"/g), ([, href = '']) => href)
        .filter((href) => !/^[a-z]+:/.test(href))
        .filter((href) => {
          const [path = '', anchor = ''] = href.split('#')
          const joined = path === '' ? from : posix.resolve(posix.dirname(from), path)
          const target = path.endsWith('/') ? posix.join(joined, 'index.html') : joined
          const there = pages.get(target)
          if (there === undefined) return !files.has(target.slice(1))
          return anchor !== '' && !there.includes(`id="${decodeURIComponent(anchor)}"`)
        })
        .map((href) => `${from} → ${href}`),
    )
    expect([...new Set(dead)]).toEqual([])
    expect(pages.size).toBeGreaterThan(50)
  })

  async function takePictures(name: string): Promise<void> {
    mkdirSync(String(PICTURES), { recursive: true })
    for (const { colorScheme, width } of LOOKS) {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width, height: 900 })
      const file = `${name.replaceAll('/', '-')}-${colorScheme}-${width}.png`
      await page.screenshot({ path: join(String(PICTURES), file) })
    }
  }
})
