import type { StatsReport } from '../../../stats/create-stats'
import { html, type Html } from '../../html'
import { fill } from '../../texts/fill'
import { showIn } from '../charts/show'
import type { AdminTexts } from '../texts/en'
import { inMs } from './stats-charts'

/** The totals of a time, as numbers. */
export function summary({ totals, step }: StatsReport, { overview, lang }: AdminTexts): Html {
  const show = showIn(lang, step)
  const { succeeded, declined, failed, abandoned, amazonMs, ownMs } = totals
  const all = succeeded + declined + failed + abandoned
  const share = (count: number): Html | undefined =>
    all === 0
      ? undefined
      : html`<br />${fill(overview.share, { percent: show.percent(count / all) })}`
  const figure = (value: string, name: string, more?: Html): Html =>
    html`<p class="figure"><b>${value}</b>${name}${more}</p>`
  const ms = (name: string, value: number | null): Html | undefined =>
    value === null ? undefined : figure(inMs(value, overview.milliseconds, show), name)
  return html`<section class="card figures" aria-labelledby="summary-title">
    <h2 class="unseen" id="summary-title">${overview.totals}</h2>
    ${figure(show.number(succeeded), overview.succeeded, share(succeeded))}
    ${figure(show.number(declined), overview.declined, share(declined))}
    ${figure(show.number(failed), overview.failed, share(failed))}
    ${figure(show.number(abandoned), overview.abandoned, share(abandoned))}
    ${figure(show.number(totals.open), overview.open)}
    ${figure(show.number(totals.newUsers), overview.newUsers)}
    ${ms(overview.medianAmazon, amazonMs.p50)} ${ms(overview.medianOwn, ownMs.p50)}
  </section>`
}
