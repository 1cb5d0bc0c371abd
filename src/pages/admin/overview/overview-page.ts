import type { StatsReport } from '../../../stats/create-stats'
import type { StatsPeriod } from '../../../stats/latest'
import { html, type Html } from '../../html'
import { fill } from '../../texts/fill'
import type { AdminPage } from '../admin-layout'
import { lackingPart } from '../lacking-part'
import { showIn } from '../charts/show'
import type { AdminTexts } from '../texts/en'
import { busyApps, type BusyApps } from './busy-apps'
import { failureReasons } from './failure-reasons'
import { statsCharts } from './stats-charts'
import { summary } from './summary'
import { appPath } from '../app-path'

/** What an overview shows. */
export interface Overview {
  /** Path that all pages lie below. */
  readonly base: string
  readonly period: StatsPeriod
  /** Undefined: figures are not kept. */
  readonly figures: OverviewFigures | undefined
  /** Whether it is the store of the host that keeps none. */
  readonly isLacking: boolean
  /** Whether sign-ins are listed, for links to them. */
  readonly hasSignIns: boolean
  /** Undefined: of all apps. */
  readonly app: OverviewApp | undefined
  /** Only of all apps. */
  readonly busy: BusyApps | undefined
}

export interface OverviewFigures {
  readonly report: StatsReport
  /** Whether anything has happened within a month. */
  readonly hasAny: boolean
}

export interface OverviewApp {
  readonly appIdentifier: string
  readonly name: string
  readonly active: boolean
  /** Whether it has both keys of Amazon. */
  readonly hasKeys: boolean
}

export const PERIODS: readonly StatsPeriod[] = ['hour', 'day', 'month']

/** How many sign in, and how many do not: of all apps, or of one. */
export function overviewPage(shown: Overview, texts: AdminTexts): AdminPage {
  const { app } = shown
  const { overview } = texts
  return {
    title: app === undefined ? overview.titleOfAll : overview.titleOfApp,
    section: 'overview',
    app,
    content: html`${app && html`<div class="charts">${stateOf(app, pathOf(shown), texts)}</div>`}${body(shown, texts)}`,
  }
}

function body(shown: Overview, texts: AdminTexts): Html {
  const { figures, isLacking, hasSignIns, busy, base } = shown
  if (isLacking) return html`<p class="empty">${lackingPart('stats', texts)}</p>`
  if (figures === undefined) return html`<p class="empty">${texts.overview.off}</p>`
  if (!figures.hasAny) return empty(shown, texts)
  const { report } = figures
  return html`${periods(shown, texts)} ${rangeOf(report, texts)} ${summary(report, texts)}
  ${
    hasHappened(report)
      ? html`<div class="charts">
          ${statsCharts(report, texts)}
          ${failureReasons(report, hasSignIns ? `${pathOf(shown)}/sign-ins` : undefined, texts)}
        </div>`
      : html`<p class="empty">${texts.overview.quiet}</p>`
  }
  ${busy && busyApps(busy, base, texts)}`
}

/** Of the pages that are about the same apps. */
function pathOf({ app, base }: Overview): string {
  return app === undefined ? base : base + appPath(app.appIdentifier)
}

function stateOf(app: OverviewApp, path: string, { overview }: AdminTexts): Html {
  const said = (isGood: boolean, good: string, bad: string): Html =>
    html`<span class="tag ${isGood ? 'good' : 'alarm'}">${isGood ? good : bad}</span>`
  return html`<section class="card" aria-labelledby="state-title">
    <h2 id="state-title">${overview.state}</h2>
    <dl class="facts">
      <div>
        <dt>${overview.stateActive}</dt>
        <dd>${said(app.active, overview.active, overview.inactive)}</dd>
      </div>
      <div>
        <dt>${overview.amazonKeys}</dt>
        <dd>
          ${said(app.hasKeys, overview.keysSet, overview.keysMissing)}
          ${app.hasKeys ? undefined : html`<a href="${path}/setup">${overview.toSetUp}</a>`}
        </dd>
      </div>
    </dl>
  </section>`
}

function empty(shown: Overview, { overview }: AdminTexts): Html {
  const { app, base } = shown
  return html`<div class="empty">
    <h2>${overview.emptyTitle}</h2>
    <p>${app === undefined ? overview.emptyAll : overview.emptyApp}</p>
    ${
      app === undefined
        ? html`<a class="button" href="${base}/apps">${overview.toApps}</a>`
        : html`<a class="button" href="${pathOf(shown)}/setup">${overview.toSetUp}</a>`
    }
  </div>`
}

function periods({ period, ...shown }: Overview, { overview }: AdminTexts): Html {
  const path = shown.app === undefined ? `${shown.base}/` : pathOf({ period, ...shown })
  return html`<nav class="tabs" aria-label="${overview.periods}">
    ${PERIODS.map((name) => {
      const href = `${path}?period=${name}`
      return name === period
        ? html`<a href="${href}" aria-current="page">${overview[name]}</a>`
        : html`<a href="${href}">${overview[name]}</a>`
    })}
  </nav>`
}

function rangeOf({ from, to, step }: StatsReport, { overview, lang }: AdminTexts): Html {
  const show = showIn(lang, step)
  // A day that is over ends where the next one begins, which nobody would take for its name.
  const end = step === 'day' ? to - 1 : to
  return html`<p class="soft">
    ${fill(overview.range, { from: show.time(from), to: show.time(end) })} ${overview.rangeNow}
  </p>`
}

/** Whether any figure of a time is not zero. */
export function hasHappened({ totals }: StatsReport): boolean {
  const { begun, succeeded, declined, failed, newUsers, consentsWithdrawn } = totals
  return begun + succeeded + declined + failed + newUsers + consentsWithdrawn > 0
}
