import { createContext, runInContext } from 'node:vm'

import { PEOPLE } from '../../../src/emulator'
import { decideAsBrowser } from '../../../src/emulator/decide-as-browser'
import { Browser } from '../../support/browser'
import { until } from '../../support/until'
import { startExample, type RunningExample } from './running-example'

const ALLOW = { decision: 'allow', person: PEOPLE[0]?.userId ?? '', without: [] } as const

let example: RunningExample
beforeAll(async () => (example = await startExample('para-button/app.mjs', /Open /)))
afterAll(() => example.stop())

test('examples/para-button sends the browser to Amazon by itself, and the page signs in by the token it is opened with', async () => {
  const browser = new Browser(example.origin)
  const pressed = await runPage(browser, '')
  pressed.elements.amazonLoginBtn?.onclick?.()
  const authorizeUrl = String(pressed.window.location)
  expect(new URL(authorizeUrl).searchParams.get('state')).toBe('shop')

  const back = await decideAsBrowser(authorizeUrl, new URL(authorizeUrl).origin, ALLOW)
  const { location } = await browser.get(back)
  const opened = await runPage(browser, new URL(location, example.origin).search)
  await until(() => opened.elements.who?.textContent !== undefined)
  expect(opened.elements.who?.textContent).toBe('Hello Ada Lindqvist.')
})

interface Element {
  textContent?: string
  onclick?: () => void
}

/** The script of the page, with as much of a browser as it needs. */
async function runPage(browser: Browser, search: string) {
  const { body } = await browser.get('/')
  const [, script = ''] = /<script>([^]*?)<\/script>/.exec(body) ?? []
  const elements: Record<string, Element> = {}
  const window: { location: unknown } = { location: { search } }
  const page = {
    window,
    URLSearchParams,
    history: { replaceState: () => undefined },
    document: { getElementById: (id: string) => (elements[id] ??= {}) },
    fetch,
  }
  runInContext(script, createContext(page))
  return { elements, window }
}
