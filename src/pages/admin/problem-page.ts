import type { AmazonAuthError } from '../../errors'
import { html } from '../html'
import type { AdminPage } from './admin-layout'
import type { AdminTexts } from './texts/en'

/** What did not work, and what to do about it. */
export function problemPage(error: AmazonAuthError, { common }: AdminTexts): AdminPage {
  const isMissing = error.code === 'not_found'
  return {
    title: isMissing ? common.notFound : common.problem,
    content: html`<p>${isMissing ? common.notFoundWhy : error.message}</p>
      <p class="soft">${isMissing ? undefined : error.advice}</p>`,
  }
}
