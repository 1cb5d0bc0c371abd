import { html } from './html'
import type { Page } from './page'
import { STYLE } from './style'
import { TEXTS } from './texts'

export const NOT_FOUND_PAGE: Page = {
  title: TEXTS.notFound,
  styles: [STYLE],
  content: html`<main>
    <h1>${TEXTS.notFound}</h1>
    <p>${TEXTS.checkAddress}</p>
  </main>`,
}
