import { BASE } from '../../pages/style/base'
import { BUTTON } from '../../pages/style/button'
import { FORM } from '../../pages/style/form'
import { LABELS } from '../../pages/style/labels'
import { LAYOUT } from '../../pages/style/layout'
import { TABLE } from '../../pages/style/table'
import { TOKENS } from '../../pages/style/tokens'

/** The one style sheet of all pages: a banner, and a violet that is nothing of Amazon's. */
export const STYLE = `${TOKENS}${BASE}${BUTTON}${FORM}${TABLE}${LABELS}${LAYOUT}
:root { --accent: #4338ca; --tint: #eef0ff; --banner: #1e1b4b; --banner-ink: #e6e7ff; }
@media (prefers-color-scheme: dark) {
  :root { --accent: #a5b0ff; --tint: #232a45; --banner: #2a2660; }
}
.banner { padding: .6rem 1rem; background: var(--banner); color: var(--banner-ink); font-size: .875rem; font-weight: 600; text-align: center; text-wrap: balance; }
.banner p { margin: 0; }
main { max-width: 32rem; margin: 2rem auto; }
main:has(.wide) { max-width: 60rem; }
main.card { padding: var(--space-6); }
@media (max-width: 36rem) {
  main.card { margin: 0; padding: 1.25rem 1rem 2rem; border: 0; border-radius: 0; }
  body { background: var(--card); }
}
h2 { margin-top: 1.75rem; font-size: 1rem; }
.soft, .facts dt { font-size: .9rem; }
.scroll, .facts { margin-top: var(--space-2); }
.asks { margin: .5rem 0 0; padding: .75rem 1rem .75rem 2rem; border-radius: var(--radius); background: var(--tint); }
.asks li + li { margin-top: .25rem; }
form { margin-top: var(--space-5); }
.form fieldset { gap: var(--space-2); }
.person { display: grid; grid-template-columns: auto 1fr; gap: 0 .85rem; align-items: center; padding: .7rem .9rem; border: 1px solid var(--line); border-radius: var(--radius); cursor: pointer; overflow-wrap: anywhere; }
.person:hover { border-color: var(--accent); }
.person:has(:checked) { border-color: var(--accent); background: var(--tint); box-shadow: inset 0 0 0 1px var(--accent); }
.person:has(:focus-visible) { outline: 3px solid var(--accent); outline-offset: 2px; }
.person input { outline: none; }
.person b { display: block; font-weight: 600; }
.person:has(:checked) .tag { background: var(--card); }
.missing { font-style: italic; }
.buttons .button { flex: 1 1 9rem; }
.field input.typed { font: 1.4rem var(--mono); letter-spacing: .2em; text-transform: uppercase; }
.facts dd { font-family: var(--mono); font-size: .875em; }
`
