import type { Browser } from 'playwright-core'

import { freePort } from '../support/free-port'
import { describeInBrowser, launchChromium } from '../support/chromium'
import { startExample } from '../integration/examples/running-example'

describeInBrowser('pages of examples', () => {
  let browser: Browser
  beforeAll(async () => (browser = await launchChromium()), 60_000)
  afterAll(() => browser.close())

  test('examples/single-page-app shows what its API knows of the person, and is nobody’s again after signing out', async () => {
    const port = await freePort()
    const both = /(?:Open|The API is)[^]*(?:Open|The API is)/
    const example = await startExample('single-page-app/app.mjs', both, { PAGE_PORT: String(port) })
    const page = await browser.newPage()
    try {
      await page.goto(`http://localhost:${port}`)
      await page.getByText('Nobody is signed in.').waitFor()
      await page.getByRole('link', { name: 'Login with Amazon' }).click()
      await page.getByTestId('person-1').click()
      await page.getByTestId('allow').click()
      await page.getByText('Orders of Ada Lindqvist').waitFor()
      expect(await page.getByRole('listitem').allTextContents()).toEqual(['bread', 'butter'])
      expect(page.url()).toBe(`http://localhost:${port}/`)
      await page.getByRole('button', { name: 'Sign out' }).click()
      await page.getByText('Nobody is signed in.').waitFor()
    } finally {
      await page.close()
      await example.stop()
    }
  })

  test('examples/para-button greets who has come back from Amazon', async () => {
    const example = await startExample('para-button/app.mjs', /Open /)
    const page = await browser.newPage()
    try {
      await page.goto(example.origin)
      await page.getByRole('button', { name: 'Login with Amazon' }).click()
      await page.getByTestId('person-1').click()
      await page.getByTestId('allow').click()
      await page.getByText('Hello Ada Lindqvist.').waitFor()
      expect(page.url()).toBe(`${example.origin}/`)
    } finally {
      await page.close()
      await example.stop()
    }
  })
})
