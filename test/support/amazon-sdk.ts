import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import type { BrowserContext } from 'playwright-core'

import type { Emulator } from '../../src/emulator'

const STAND_IN = readFileSync(join(__dirname, 'login1-stand-in.js'), 'utf8')
const SDK_HOST = 'https://assets.loginwithamazon.com'
const TOKEN_URL = 'https://api.amazon.com/auth/o2/token'

/** Lets pages of a browser load a stand-in of Amazon's SDK for JavaScript from where Amazon has it; it speaks to the emulator. */
export async function standInForAmazonSdk(
  context: BrowserContext,
  emulator: Emulator,
): Promise<void> {
  const popupReturn = `${SDK_HOST}/popup`
  const places = { authorizeUrl: emulator.authorizeUrl, tokenUrl: TOKEN_URL, popupReturn }
  await context.route(`${SDK_HOST}/sdk/na/login1.js`, (route) =>
    route.fulfill({
      contentType: 'text/javascript',
      body: `const PLACES = ${JSON.stringify(places)}\n${STAND_IN}`,
    }),
  )
  await context.route(`${popupReturn}?**`, (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<script>opener.postMessage(location.search, '*')</script>`,
    }),
  )
  await context.route(TOKEN_URL, async (route) => {
    const answer = await route.fetch({ url: `${emulator.apiUrl}/auth/o2/token` })
    const headers = { ...answer.headers(), 'access-control-allow-origin': '*' }
    await route.fulfill({ response: answer, headers })
  })
}
