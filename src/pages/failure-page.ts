import type { ErrorCode } from '../errors'
import { failureText } from './failure-text'
import { html, type Html } from './html'
import type { Page } from './page'
import { plainPage } from './plain-page'
import { personal } from './personal'
import type { Texts } from './texts/en'
import { fill } from './texts/fill'

/** What a person is told of a sign-in that failed. Nothing of it comes from the address of the page. */
export interface ToldFailure {
  readonly code: ErrorCode
  /** What the host says itself, in place of what the code says. */
  readonly reason?: string | undefined
  /** Undefined: no app, or none that may be named. */
  readonly appName?: string | undefined
  /** Where the same login begins again; '': at the address of the page itself. */
  readonly again?: string | undefined
}

/** Where people land whose sign-in failed, when there is nowhere else to go. */
export function failurePage(failure: ToldFailure | undefined, texts: Texts): Page {
  const { appName, again } = failure ?? {}
  const title = (app: string | Html | undefined) =>
    app === undefined ? texts.failed : fill(texts.failedTo, { app })
  const said = failure && (failure.reason ?? failureText(failure.code, texts))
  return plainPage(
    texts,
    title(appName),
    html`<h1>${title(appName && personal(appName))}</h1>
      ${said === undefined ? undefined : html`<p role="alert">${said}</p>`}
      ${
        again === undefined
          ? html`<p>${texts.startAgain}</p>`
          : html`<p class="act"><a class="button" href="${again}">${texts.tryAgain}</a></p>`
      }`,
  )
}
