import { html } from './html'
import type { Page } from './page'
import { personal } from './personal'
import { plainPage } from './plain-page'
import { failureText } from './failure-text'
import type { ErrorCode } from '../errors'
import type { Texts } from './texts/en'
import { fill } from './texts/fill'

/** Where a sign-in that is only tried begins: what is going to happen, and the way there. */
export function tryStartPage(
  start: {
    readonly appName: string
    readonly beginsAt: string
    readonly leftMinutes: number
    /** Address of the guide through the set-up of the app, where the link was made there. */
    readonly guide: string | undefined
  },
  texts: Texts,
): Page {
  const { trial } = texts
  return plainPage(
    texts,
    fill(trial.title, { app: start.appName }),
    html`<h1>${fill(trial.title, { app: personal(start.appName) })}</h1>
      <p>${trial.about}</p>
      <p>${fill(trial.left, { minutes: start.leftMinutes })}</p>
      <p class="act">
        <a class="button" href="${start.beginsAt}" data-testid="begin">${trial.begin}</a>
      </p>
      ${start.guide && html`<p class="act"><a class="button quiet" href="${start.guide}">${trial.toGuide}</a></p>`}`,
  )
}

/** What is shown for a link that cannot be opened. */
export function tryLinkPage(code: ErrorCode, texts: Texts): Page {
  const { trial } = texts
  const isOver = code === 'try_link_invalid'
  const title = isOver ? trial.over : texts.wentWrong
  return plainPage(
    texts,
    title,
    html`<h1>${title}</h1>
      <p role="alert">${isOver ? trial.askNew : failureText(code, texts)}</p>`,
  )
}
