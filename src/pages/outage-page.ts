import { html } from './html'
import type { Page } from './page'
import { plainPage } from './plain-page'
import type { Texts } from './texts/en'

export type OutageTitle = 'signOutFailed' | 'wentWrong'

/**
 * What has failed on our side, and may be tried again.
 *
 * @param title Which of the texts says what did not work.
 */
export function outagePage(title: OutageTitle, texts: Texts): Page {
  return plainPage(
    texts,
    texts[title],
    html`<h1>${texts[title]}</h1>
      <p role="alert">${texts.tryLater}</p>`,
  )
}
