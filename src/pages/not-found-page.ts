import { html } from './html'
import { plainPage } from './plain-page'
import { TEXTS } from './texts'

export const NOT_FOUND_PAGE = plainPage(
  TEXTS.notFound,
  html`<h1>${TEXTS.notFound}</h1>
    <p>${TEXTS.checkAddress}</p>`,
)
