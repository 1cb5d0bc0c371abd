import type { AmazonAuthError } from '../../errors'
import { html, type Html } from '../html'
import { inEnglish } from '../in-english'
import type { AdminPage } from './admin-layout'
import { lackingPart } from './lacking-part'
import type { AdminTexts } from './texts/en'
import { toldProblem } from './told-problem'

/** What did not work, and what to do about it. */
export function problemPage(error: AmazonAuthError, texts: AdminTexts): AdminPage {
  const { common } = texts
  const { code, facts } = error
  if (code === 'not_found') return page(common.notFound, html`<p>${common.notFoundWhy}</p>`)
  if (code === 'store_part_missing') {
    return page(common.notKept, html`<p>${lackingPart(String(facts.part), texts)}</p>`)
  }
  return page(
    common.problem,
    html`<p>${toldProblem(error, texts)}</p>
      ${facts.lang === undefined ? html`<p class="soft">${inEnglish(error.advice)}</p>` : undefined}`,
  )
}

function page(title: string, content: Html): AdminPage {
  return { title, content }
}
