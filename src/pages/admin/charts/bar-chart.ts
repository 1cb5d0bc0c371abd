import { html, type Html } from '../../html'
import { fillPattern, patternId, type SeriesLook } from './series-look'
import { niceScale } from './nice-scale'

/** What bars are made of: parts that lie on each other. */
export interface Series {
  readonly name: string
  readonly look: SeriesLook
}

export interface Bar {
  /** Below some of the bars. */
  readonly label: string
  /** Of which time it is, for whoever points at it, and in the table. */
  readonly title: Html | string
  /** In the order of the series; not below zero. */
  readonly values: readonly number[]
}

export interface BarChart {
  /** Of the figure, unique in its page: ASCII letters and dashes. */
  readonly id: string
  readonly caption: Html | string
  /** What the picture shows, in a sentence, for those who do not see it. */
  readonly description: Html | string
  readonly series: readonly Series[]
  readonly bars: readonly Bar[]
  readonly showNumber: (value: number) => string
  /** The same figures. */
  readonly table: Html
}

/** In pixels: widths are shares of what there is room for, so that text is as large on a telephone. */
const HEIGHT = 160
const LABEL_HEIGHT = 22
const TOP = 14
/** Of a digit, and between the numbers and the picture. */
const CHARACTER_WIDTH = 8
const GAP = 8
/** At most so many labels have room beside each other, on a telephone too. */
const MOST_LABELS = 5
/** Share of its place that a bar takes. */
const BAR_SHARE = 0.76

/**
 * Bars over time, drawn as SVG here: charts need no script, and no library in the page. (d3's scales and shapes are ES modules
 * alone, which Node 20 cannot require everywhere; others draw in a browser or in a copy of one.)
 */
export function barChart(chart: BarChart): Html {
  const { id, caption, description, series, table } = chart
  return html`<figure class="chart" id="${id}" aria-labelledby="${id}-caption">
    <figcaption id="${id}-caption">${caption}</figcaption>
    ${series.length > 1 ? legend(chart) : undefined}
    <div class="axes">
      ${scale(chart)}
      <svg
        class="plot"
        width="100%"
        height="${TOP + HEIGHT + LABEL_HEIGHT}"
        role="img"
        aria-labelledby="${id}-title"
        aria-describedby="${id}-desc"
      >
        <title id="${id}-title">${caption}</title>
        <desc id="${id}-desc">${description}</desc>
        <defs>${series.map(({ look }) => fillPattern(id, look))}</defs>
        ${drawing(chart)}
      </svg>
    </div>
    ${table}
  </figure>`
}

function legend({ id, series }: BarChart): Html {
  return html`<ul class="legend">
    ${series.map(
      ({ name, look }) =>
        html`<li>
          <svg width="14" height="14" aria-hidden="true">
            <defs>${fillPattern(`${id}-key`, look)}</defs>
            <rect width="14" height="14" fill="url(#${patternId(`${id}-key`, look)})" /></svg
          >${name}
        </li>`,
    )}
  </ul>`
}

/** What the lines stand for, beside the picture: upon it, they would lie on the first bars. */
function scale(chart: BarChart): Html {
  const { lines, yOf } = linesOf(chart)
  const texts = lines.slice(1).map((value) => ({ value, text: chart.showNumber(value) }))
  const width = CHARACTER_WIDTH * Math.max(0, ...texts.map(({ text }) => text.length)) + GAP
  return html`<svg width="${width}" height="${TOP + HEIGHT + LABEL_HEIGHT}" aria-hidden="true">
    ${texts.map(
      ({ value, text }) =>
        html`<text x="${width - GAP}" y="${fixed(yOf(value) + 4)}" text-anchor="end"
          >${text}</text
        >`,
    )}
  </svg>`
}

function linesOf({ bars }: BarChart) {
  const lines = niceScale(Math.max(0, ...bars.map(totalOf)))
  const greatest = lines.at(-1) ?? 1
  return { lines, yOf: (value: number): number => TOP + HEIGHT * (1 - value / greatest) }
}

function drawing(chart: BarChart): Html {
  const { bars } = chart
  const { lines, yOf } = linesOf(chart)
  return html`${lines.map(
    (value) =>
      html`<line
        class="${value === 0 ? 'base-line' : 'grid-line'}"
        x1="0"
        x2="100%"
        y1="${fixed(yOf(value))}"
        y2="${fixed(yOf(value))}"
      />`,
  )}${bars.map((bar, index) => drawBar(chart, bar, index, yOf))}${labels(bars)}`
}

function drawBar(
  { id, series, bars, showNumber }: BarChart,
  { title, values }: Bar,
  index: number,
  yOf: (value: number) => number,
): Html | undefined {
  const place = 100 / bars.length
  let below = 0
  const parts = series.map(({ look }, at) => {
    const value = values[at] ?? 0
    const bottom = yOf(below)
    below += value
    const top = yOf(below)
    if (value <= 0) return undefined
    return html`<rect
      x="${fixed(place * (index + (1 - BAR_SHARE) / 2))}%"
      width="${fixed(place * BAR_SHARE)}%"
      y="${fixed(top)}"
      height="${fixed(bottom - top)}"
      fill="url(#${patternId(id, look)})"
    />`
  })
  if (below === 0) return undefined
  const told = series.map(({ name }, at) => `${name}: ${showNumber(values[at] ?? 0)}`).join(', ')
  return html`<g><title>${title}. ${told}</title>${parts}</g>`
}

function labels(bars: readonly Bar[]): readonly Html[] {
  const every = Math.max(1, Math.ceil(bars.length / MOST_LABELS))
  const y = TOP + HEIGHT + 16
  return bars.flatMap(({ label }, index) =>
    index % every === Math.floor(every / 2)
      ? [
          html`<text
            x="${fixed(((index + 0.5) * 100) / bars.length)}%"
            y="${y}"
            text-anchor="middle"
            >${label}</text
          >`,
        ]
      : [],
  )
}

function totalOf({ values }: Bar): number {
  return values.reduce((sum, value) => sum + value, 0)
}

function fixed(value: number): string {
  return String(Math.round(value * 100) / 100)
}
