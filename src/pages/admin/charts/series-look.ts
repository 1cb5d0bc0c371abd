import { html, type Html } from '../../html'

/** How a series is drawn: a colour (see style/chart.ts) and a pattern, so that colour alone tells nothing. */
export type SeriesLook = 'plain' | 'stripes' | 'checks' | 'dots'

const LOOKS: Readonly<Record<SeriesLook, { readonly colour: string; readonly mark?: Html }>> = {
  plain: { colour: 'c1' },
  stripes: { colour: 'c2', mark: html`<path class="mark" d="M-2 2l4-4M0 8l8-8M6 10l4-4" />` },
  checks: { colour: 'c3', mark: html`<path class="mark" d="M0 0l8 8M0 8l8-8" />` },
  dots: { colour: 'c4', mark: html`<circle class="mark dot" cx="4" cy="4" r="1.5" />` },
}

/** What a series is filled with, as a definition of the drawing that it is in. */
export function fillPattern(drawing: string, look: SeriesLook): Html {
  const { colour, mark } = LOOKS[look]
  return html`<pattern
    id="${patternId(drawing, look)}"
    width="8"
    height="8"
    patternUnits="userSpaceOnUse"
  >
    <rect class="${colour}" width="8" height="8" />${mark}
  </pattern>`
}

export function patternId(drawing: string, look: SeriesLook): string {
  return `${drawing}-${look}`
}
