import type { StatsPoint, StatsReport } from '../../../stats/create-stats'
import { html, type Html } from '../../html'
import { fill } from '../../texts/fill'
import { barChart, type Series } from '../charts/bar-chart'
import { figuresTable } from '../charts/figures-table'
import { showIn, type Show } from '../charts/show'
import type { AdminTexts } from '../texts/en'

/** What a chart shows of a point. */
interface Column extends Series {
  readonly valueOf: (point: StatsPoint) => number
}

interface Chart {
  readonly id: string
  readonly caption: string
  readonly about: Html
  readonly help?: string
  readonly columns: readonly Column[]
  /** Columns that only the table has. */
  readonly more?: readonly (readonly [string, (point: StatsPoint) => string])[]
  readonly showNumber?: (value: number) => string
  readonly isWide?: true
}

interface Seen {
  readonly report: StatsReport
  readonly texts: AdminTexts
  readonly show: Show
}

/** Outcomes, new users, times and withdrawn consents, over time, each with its figures. */
export function statsCharts(report: StatsReport, texts: AdminTexts): readonly Html[] {
  const seen = { report, texts, show: showIn(texts.lang, report.step) }
  const charts = [outcomes(seen), times(seen), newUsers(seen), withdrawn(seen)]
  return charts.flatMap((chart) => (chart === undefined ? [] : [card(chart, seen)]))
}

function outcomes({ report: { totals }, texts: { overview }, show }: Seen): Chart {
  return {
    id: 'outcomes',
    isWide: true,
    caption: overview.outcomes,
    about: fill(overview.outcomesAbout, {
      succeeded: show.number(totals.succeeded),
      declined: show.number(totals.declined),
      failed: show.number(totals.failed),
      abandoned: show.number(totals.abandoned),
    }),
    help: overview.outcomesHelp,
    columns: [
      { name: overview.succeeded, look: 'plain', valueOf: ({ succeeded }) => succeeded },
      { name: overview.declined, look: 'stripes', valueOf: ({ declined }) => declined },
      { name: overview.failed, look: 'checks', valueOf: ({ failed }) => failed },
      { name: overview.abandoned, look: 'dots', valueOf: ({ abandoned }) => abandoned },
    ],
    more: [
      [overview.begun, ({ begun }) => show.number(begun)],
      [overview.open, ({ open }) => show.number(open)],
    ],
  }
}

/** Undefined: Amazon was not asked. */
function times({ report: { totals }, texts: { overview }, show }: Seen): Chart | undefined {
  const { amazonMs, ownMs } = totals
  if (amazonMs.count === 0) return undefined
  const ms = (value: number | null): string =>
    value === null ? '–' : inMs(value, overview.milliseconds, show)
  const named = (text: string, name: string): string => text.replace('{name}', name)
  return {
    id: 'times',
    caption: overview.times,
    about: fill(overview.timesAbout, { amazon: ms(amazonMs.mean), own: ms(ownMs.mean) }),
    columns: [
      { name: overview.atAmazon, look: 'plain', valueOf: (point) => point.amazonMs.mean ?? 0 },
      { name: overview.here, look: 'stripes', valueOf: (point) => point.ownMs.mean ?? 0 },
    ],
    more: [
      [named(overview.p50, overview.atAmazon), (point) => ms(point.amazonMs.p50)],
      [named(overview.p95, overview.atAmazon), (point) => ms(point.amazonMs.p95)],
      [named(overview.p50, overview.here), (point) => ms(point.ownMs.p50)],
      [named(overview.p95, overview.here), (point) => ms(point.ownMs.p95)],
    ],
    showNumber: ms,
  }
}

function newUsers({ report: { totals }, texts: { overview }, show }: Seen): Chart {
  const count = show.number(totals.newUsers)
  return {
    id: 'new-users',
    caption: overview.newUsers,
    about: fill(overview.newUsersAbout, { count }),
    columns: [{ name: overview.newUsers, look: 'plain', valueOf: (point) => point.newUsers }],
  }
}

/** Undefined: there were none, as where no tokens are kept. */
function withdrawn({ report: { totals }, texts: { overview }, show }: Seen): Chart | undefined {
  if (totals.consentsWithdrawn === 0) return undefined
  return {
    id: 'withdrawn',
    caption: overview.withdrawn,
    about: fill(overview.withdrawnAbout, { count: show.number(totals.consentsWithdrawn) }),
    help: overview.withdrawnHelp,
    columns: [
      { name: overview.withdrawn, look: 'dots', valueOf: (point) => point.consentsWithdrawn },
    ],
  }
}

function card(chart: Chart, { report, texts, show }: Seen): Html {
  const { id, caption, about, help, columns, more = [] } = chart
  const { showNumber = (value: number): string => show.number(value) } = chart
  const { overview } = texts
  const table = figuresTable({
    id,
    summary: overview.figures,
    caption: fill(overview.figuresOf, { chart: caption }),
    columns: [overview.time, ...columns.map(({ name }) => name), ...more.map(([name]) => name)],
    rows: report.points.map((point) => ({
      head: show.time(point.at),
      cells: [
        ...columns.map(({ valueOf }) => showNumber(valueOf(point))),
        ...more.map(([, cellOf]) => cellOf(point)),
      ],
    })),
  })
  const bars = report.points.map((point) => ({
    label: show.label(point.at),
    title: show.label(point.at),
    values: columns.map(({ valueOf }) => valueOf(point)),
  }))
  return html`<section class="${chart.isWide ? 'card wide' : 'card'}">
    ${barChart({ id, caption, description: about, series: columns, bars, showNumber, table })}
    ${help === undefined ? undefined : html`<p class="soft">${help}</p>`}
  </section>`
}

/** As the text of the language has it. */
export function inMs(value: number, text: string, show: Show): string {
  return text.replace('{count}', show.number(value))
}
