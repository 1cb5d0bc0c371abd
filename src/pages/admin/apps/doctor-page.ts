import { html, type Html } from '../../html'
import type { AdminPage } from '../admin-layout'
import type { AdminTexts } from '../texts/en'
import { pathOfApp, type OfApp } from './form-parts'

/** One line of doctor's report. Its sentences are in English, as in the log. */
export interface DoctorLine {
  readonly check: string
  readonly level: 'ok' | 'warning' | 'failure'
  readonly seen: string
  readonly fix?: string
  readonly origin?: string
}

const TAGS = { failure: 'alarm', warning: 'warn', ok: 'good' } as const
const WORST_FIRST = ['failure', 'warning', 'ok'] as const

export function doctorPage(
  of: OfApp & { readonly lines: readonly DoctorLine[] },
  texts: AdminTexts,
): AdminPage {
  const { apps } = texts
  return {
    title: apps.doctorTitle,
    section: 'setUp',
    app: of.app,
    content: html`<p>${apps.doctorAbout}</p>
      ${doctorTable(of.lines, texts)}
      <p><a class="button quiet" href="${pathOfApp(of)}/doctor">${apps.lookAgain}</a></p>`,
  }
}

/** What doctor has found, the worst first. */
export function doctorTable(lines: readonly DoctorLine[], { apps }: AdminTexts): Html {
  const sorted = WORST_FIRST.flatMap((level) => lines.filter((line) => line.level === level))
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${apps.doctorCaption}">
    <table class="table">
      <caption>
        ${apps.doctorCaption}
      </caption>
      <thead>
        <tr>
          <th scope="col">${apps.check}</th>
          <th scope="col">${apps.seen}</th>
          <th scope="col">${apps.fix}</th>
        </tr>
      </thead>
      <tbody>
        ${sorted.map(
          ({ check, level, seen, fix, origin }) =>
            html`<tr>
              <th scope="row">
                <span class="tag ${TAGS[level]}">${apps[level]}</span> <code>${check}</code>
              </th>
              <td lang="en" dir="ltr">
                ${seen}${origin === undefined ? undefined : html` <span class="soft">(${origin})</span>`}
              </td>
              <td lang="en" dir="ltr">${fix}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`
}
