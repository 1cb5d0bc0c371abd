import type { ErrorCode } from '../errors'
import { html } from './html'
import type { Page } from './page'
import { plainPage } from './plain-page'
import { failureText, TEXTS } from './texts'

/** What a person is told of a sign-in that failed. Nothing of it comes from the address of the page. */
export interface ToldFailure {
  readonly code: ErrorCode
  /** What the host says itself, in place of what the code says. */
  readonly reason?: string | undefined
  /** Undefined: no app, or none that may be named. */
  readonly appName?: string | undefined
  /** Where the same login begins again. */
  readonly again?: string | undefined
}

/** Where people land whose sign-in failed, when there is nowhere else to go. */
export function failurePage(failure: ToldFailure | undefined): Page {
  const { appName, again } = failure ?? {}
  const title = appName === undefined ? TEXTS.failed : `${TEXTS.failed} to ${appName}`
  const said = failure && (failure.reason ?? failureText(failure.code))
  return plainPage(
    title,
    html`<h1>${title}</h1>
      ${said === undefined ? undefined : html`<p role="alert">${said}</p>`}
      ${
        again === undefined
          ? html`<p>${TEXTS.startAgain}</p>`
          : html`<p class="act"><a class="button" href="${again}">${TEXTS.tryAgain}</a></p>`
      }`,
  )
}
