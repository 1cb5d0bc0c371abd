import { html } from './html'
import type { Page } from './page'
import { plainPage } from './plain-page'
import type { Texts } from './texts/en'

export function notFoundPage(texts: Texts): Page {
  return plainPage(
    texts,
    texts.notFound,
    html`<h1>${texts.notFound}</h1>
      <p>${texts.checkAddress}</p>`,
  )
}
