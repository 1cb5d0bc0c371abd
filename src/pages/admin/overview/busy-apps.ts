import type { Figures } from '../../../stats/figures'
import { html, type Html } from '../../html'
import { showIn } from '../charts/show'
import type { AdminTexts } from '../texts/en'
import { meter } from './failure-reasons'
import { appPath } from '../app-path'

/** An app with what came of its sign-ins today. */
export interface BusyApp {
  /** Null: names that no app has. */
  readonly app: string | null
  /** For people; undefined: the app is gone. */
  readonly name: string | undefined
  readonly figures: Figures
}

export interface BusyApps {
  readonly succeeded: readonly BusyApp[]
  readonly failed: readonly BusyApp[]
}

/** The apps with most sign-ins, and those with most failures. */
export function busyApps(apps: BusyApps, base: string, texts: AdminTexts): Html {
  const { overview } = texts
  const lists = [
    {
      by: 'succeeded',
      title: overview.busiest,
      caption: overview.busiestCaption,
      none: overview.nobodyToday,
    },
    {
      by: 'failed',
      title: overview.failing,
      caption: overview.failingCaption,
      none: overview.noFailuresToday,
    },
  ] as const
  return html`<div class="grid">
    ${lists.map(
      ({ by, title, caption, none }) =>
        html`<section class="card">
          <h2>${title}</h2>
          ${apps[by].length === 0 ? html`<p class="soft">${none}</p>` : list(by, caption)}
        </section>`,
    )}
  </div>`

  function list(by: keyof BusyApps, caption: string): Html {
    const show = showIn(texts.lang, 'day')
    const greatest = Math.max(...apps[by].map(({ figures }) => figures[by]))
    return html`<div class="scroll" role="region" tabindex="0" aria-labelledby="${by}-table">
      <table class="table">
        <caption id="${by}-table">
          ${caption}
        </caption>
        <thead>
          <tr>
            <th scope="col">${overview.app}</th>
            <th scope="col" class="number">${overview[by]}</th>
            <td></td>
          </tr>
        </thead>
        <tbody>
          ${apps[by].map(
            (busy) =>
              html`<tr>
                <th scope="row">${link(busy, base, texts)}</th>
                <td class="number">${show.number(busy.figures[by])}</td>
                <td>${meter(busy.figures[by] / greatest, by === 'succeeded' ? 'c1' : 'c3')}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`
  }
}

function link({ app, name }: BusyApp, base: string, { overview }: AdminTexts): Html {
  if (app === null) return html`<span class="soft">${overview.noApp}</span>`
  if (name === undefined) return html`<code>${app}</code>`
  return html`<a href="${base}${appPath(app)}">${name}</a>`
}
