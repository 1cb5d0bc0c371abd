import { html } from '../html'
import type { AdminPage } from './admin-layout'
import type { AdminTexts } from './texts/en'

/**
 * For whoever follows a link of another site: browsers send the cookie of the session only along with what these pages ask
 * for themselves, so the page asks once more.
 */
export function onceMorePage({ common }: AdminTexts): AdminPage {
  return {
    title: common.title,
    content: html`<p><a class="button" href="">${common.goOn}</a></p>`,
    reloads: true,
  }
}
