import type { AmazonAuthError, ErrorCode } from '../../errors'
import { html, type Html, type HtmlValue } from '../html'
import { inEnglish } from '../in-english'
import type { AdminPage } from './admin-layout'
import { lackingPart } from './lacking-part'
import type { AdminTexts } from './texts/en'
import { toldProblem } from './told-problem'

/** What is our fault, by codes whose words speak of signing in. */
const NOT_NOW: ReadonlySet<ErrorCode> = new Set([
  'host_apps_unavailable',
  'store_unavailable',
  'secret_unreadable',
  'hook_failed',
  'server_busy',
])

/**
 * What did not work, and what to do about it.
 *
 * @param form Where the page of a form lies that was sent. Undefined: none was.
 */
export function problemPage(
  error: AmazonAuthError,
  texts: AdminTexts,
  form: string | undefined,
): AdminPage {
  const { common } = texts
  const { code, facts } = error
  if (code === 'not_found') return page(common.notFound, html`<p>${common.notFoundWhy}</p>`)
  if (code === 'store_part_missing') {
    return page(common.notKept, html`<p>${lackingPart(String(facts.part), texts)}</p>`)
  }
  return page(
    common.problem,
    html`<p>${told(error, texts, form)}</p>
      ${facts.lang === undefined ? html`<p class="soft">${inEnglish(error.advice)}</p>` : undefined}
      ${form === undefined ? undefined : html`<p><a href="${form}">${common.openAgain}</a></p>`}`,
  )
}

function told(error: AmazonAuthError, texts: AdminTexts, form: string | undefined): HtmlValue {
  if (!NOT_NOW.has(error.code) || error.facts.lang !== undefined) return toldProblem(error, texts)
  return form === undefined ? texts.common.notNow : texts.common.unsure
}

function page(title: string, content: Html): AdminPage {
  return { title, content }
}
