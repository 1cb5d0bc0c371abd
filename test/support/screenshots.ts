// Takes the pictures of README and docs anew: npm run screenshots. They show the demo, which is started for it.
import { execFileSync, spawn } from 'node:child_process'
import { statSync } from 'node:fs'
import { join, resolve } from 'node:path'

import type { Page } from 'playwright-core'

import { launchChromium } from './launch-chromium'

interface Picture {
  readonly name: string
  /** Below the demo's origin. */
  readonly path: string
  readonly colorScheme: 'light' | 'dark'
  /** CSS pixels. */
  readonly width: number
  readonly height: number
  /** All of the page, however long. */
  readonly isWhole?: boolean
}

const ROOT = resolve(__dirname, '../..')
const FOLDER = join(ROOT, 'docs/images')
const MAX_BYTES = 150 * 1024
const DESK = { colorScheme: 'light', width: 1280, height: 860 } as const
const NIGHT = { ...DESK, colorScheme: 'dark' } as const
const PHONE = { colorScheme: 'light', width: 390, height: 844 } as const

const PICTURES: readonly Picture[] = [
  { ...DESK, name: 'operators-overview', path: '/admin/?period=month', height: 1000 },
  { ...NIGHT, name: 'operators-sign-ins', path: '/admin/sign-ins' },
  { ...DESK, name: 'operators-users', path: '/admin/apps/acme/users' },
  { ...DESK, name: 'operators-settings', path: '/admin/apps/zenith/settings' },
  { ...DESK, name: 'operators-set-up', path: '/admin/apps/zenith/setup' },
  { ...PHONE, name: 'operators-phone', path: '/admin/apps/acme' },
]

void main()

async function main(): Promise<void> {
  const child = spawn(
    process.execPath,
    [
      ...['-r', join(__dirname, 'register-ts.cjs'), join(ROOT, 'src/server/cli.ts'), 'demo'],
      ...['--port', '3000', '--emulator-port', '8090'],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const browser = await launchChromium()
  try {
    const origin = await originOf(child.stdout)
    const page = await browser.newPage({ locale: 'en' })
    await shootDemo(page, origin)
    await page.goto(origin)
    await page.getByTestId('operators').click()
    await page.waitForURL(`${origin}/admin/`)
    for (const picture of PICTURES) await shoot(page, origin, picture)
  } finally {
    await browser.close()
    child.kill()
  }
}

/** Both shops, somebody signed in to each. */
async function shootDemo(page: Page, origin: string): Promise<void> {
  await page.goto(origin)
  for (const app of ['acme', 'zenith']) {
    await page.getByTestId(`${app}-sign-in`).getByRole('link').click()
    await page.getByTestId('person-1').click()
    await page.getByTestId('allow').click()
    await page.waitForURL(`${origin}/#${app}`)
  }
  await shoot(page, origin, { ...DESK, name: 'demo', path: '/', isWhole: true })
}

async function shoot(page: Page, origin: string, picture: Picture): Promise<void> {
  const { name, path, colorScheme, width, height, isWhole = false } = picture
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
  await page.setViewportSize({ width, height })
  const answer = await page.goto(origin + path)
  if (answer?.ok() !== true) {
    console.error(`${path} answered ${answer?.status()}: ${name} is left as it is`)
    process.exitCode = 1
    return
  }
  await page.waitForTimeout(500)
  const file = join(FOLDER, `${name}.png`)
  await page.screenshot({ path: file, fullPage: isWhole })
  compress(file)
  const { size } = statSync(file)
  console.log(`${file}: ${Math.round(size / 1024)} KiB`)
  if (size > MAX_BYTES) throw new Error(`${name} is too large`)
}

/** By pngquant (a package of most systems): a fraction of the size, and nobody sees a difference. */
function compress(file: string): void {
  execFileSync('pngquant', ['--force', '--strip', '--speed', '1', '--output', file, '128', file])
}

async function originOf(stdout: NodeJS.ReadableStream): Promise<string> {
  let told = ''
  for await (const part of stdout) {
    told += String(part)
    const origin = /^Demo: (\S+)/m.exec(told)?.[1]
    if (origin !== undefined) return origin
  }
  throw new Error(`the demo has not started: ${told}`)
}
