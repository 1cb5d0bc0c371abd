import { BASE } from '../../../pages/style/base'
import { BUTTON } from '../../../pages/style/button'
import { LABELS } from '../../../pages/style/labels'
import { LAYOUT } from '../../../pages/style/layout'
import { TABLE } from '../../../pages/style/table'
import { TOKENS } from '../../../pages/style/tokens'

/** What is the demo's own: two shops with a colour each, and the drawing of a login. */
export const STYLE = `${TOKENS}${BASE}${BUTTON}${TABLE}${LABELS}${LAYOUT}
.acme { --accent: #a2441a; --tint: #fbeee6; }
.zenith, .steps { --accent: #3d45b5; --tint: #eceefc; }
@media (prefers-color-scheme: dark) {
  .acme { --accent: #f2a57f; --accent-ink: #17140f; --tint: #35231a; }
  .zenith, .steps { --accent: #aeb6ff; --tint: #22253f; }
}
header, main, footer { width: min(72rem, 100% - 2rem); margin-inline: auto; }
header { padding: clamp(2rem, 6vw, 4rem) 0 1.75rem; }
header h1 { font-size: clamp(1.75rem, 4.6vw, 2.9rem); line-height: 1.08; letter-spacing: -.025em; }
h3 { margin: var(--space-5) 0 var(--space-2); }
.kicker { margin: 0 0 var(--space-3); color: var(--soft); font: 600 .85rem var(--mono); }
.lead { max-width: 62ch; margin-top: var(--space-4); font-size: 1.1rem; text-wrap: pretty; }
.note { max-width: 62ch; margin-top: var(--space-4); padding-left: .9rem; border-left: 3px solid var(--line); color: var(--soft); }

.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(26rem, 100%), 1fr)); gap: 1.25rem; align-items: start; }
.cards > .card { margin: 0; border-top: 5px solid var(--accent); scroll-margin-top: var(--space-4); }
.sign { display: grid; grid-template-columns: auto 1fr auto; gap: .9rem; align-items: center; margin-bottom: 1.1rem; }
.sign p { margin: 0; }
.sign .tag { align-self: start; }
.icon { width: 3rem; height: 3rem; padding: .5rem; border-radius: .8rem; background: var(--tint); color: var(--accent); }
.act { margin: 1.1rem 0 .5rem; }
.act .button, form .button { width: 100%; }
form { margin-top: .9rem; }

.person { display: grid; grid-template-columns: auto 1fr; gap: var(--space-4); align-items: center; padding: .9rem 1rem; border-radius: var(--radius); background: var(--tint); }
.person p { margin: 0; line-height: 1.4; }
.person b { font-size: 1.15rem; }
.avatar { display: grid; place-items: center; width: 3.6rem; height: 3.6rem; border-radius: 50%; background: var(--accent); color: var(--accent-ink); font-size: 1.25rem; font-weight: 700; }
.table th { width: 6rem; }
.table td code { margin-right: .4rem; font-weight: 600; }
pre[data-testid] code { white-space: pre-wrap; overflow-wrap: anywhere; }
.expiry { display: grid; margin-top: 1rem; }
.alive, .over { grid-area: 1 / 1; }
.seconds { color: var(--accent); font-variant-numeric: tabular-nums; }
.bar { height: .4rem; border-radius: 1rem; background: var(--tint); overflow: hidden; }
.bar i { display: block; height: 100%; border-radius: inherit; background: var(--accent); transform-origin: left; }
.paste { margin-top: 1.4rem; padding-top: 1rem; border-top: 1px solid var(--line); }
.paste summary { font-weight: 600; cursor: pointer; }

.operators { margin-top: 1.25rem; }
.operators p { max-width: 62ch; }
.operators .button { width: auto; }

.steps { margin-top: 1.25rem; }
.steps ol { margin: 0; padding: 0 0 .75rem; list-style: none; background:
  linear-gradient(var(--line) 0 0) calc(100% / 6) 0 / 2px 100% no-repeat,
  linear-gradient(var(--line) 0 0) 50% 0 / 2px 100% no-repeat,
  linear-gradient(var(--line) 0 0) calc(100% * 5 / 6) 0 / 2px 100% no-repeat; }
.lanes, .steps li { display: grid; grid-template-columns: repeat(6, 1fr); }
.lanes { margin-top: 1.1rem; }
.lanes b { grid-column: span 2; justify-self: center; padding: .35rem .9rem; border: 2px solid var(--line); border-radius: .6rem; background: var(--ground); font-size: .9rem; text-align: center; line-height: 1.3; }
.arrow { position: relative; border-bottom: 2px solid var(--accent); }
.arrow::after { content: ''; position: absolute; bottom: -7px; border: 6px solid transparent; }
.right::after { right: 0; border-left: 9px solid var(--accent); border-right: 0; }
.left::after { left: 0; border-right: 9px solid var(--accent); border-left: 0; }
.browser-server { grid-column: 2 / 4; }
.browser-amazon { grid-column: 2 / 6; }
.server-amazon { grid-column: 4 / 6; }
.steps li p { width: fit-content; max-width: calc(100% - 1.25rem); margin: 1rem auto .4rem; padding: 0 .4rem; background: var(--card); font-size: .9rem; line-height: 1.35; text-align: center; }
.number { display: inline-grid; place-items: center; width: 1.4rem; height: 1.4rem; margin-right: .25rem; border-radius: 50%; background: var(--accent); color: var(--accent-ink); font-size: .78rem; font-weight: 700; }
.why { display: block; margin-top: .15rem; color: var(--soft); font-size: .82rem; text-wrap: balance; }
footer { padding: 1.5rem 0 3rem; color: var(--soft); font-size: .9rem; }
@media (max-width: 40rem) {
  .sign { grid-template-columns: auto 1fr; }
  .sign .tag { grid-column: 1 / -1; justify-self: start; }
  .steps li p { grid-column: 1 / -1; width: auto; max-width: none; padding: 0 0 .1rem; margin-inline: 0; text-align: left; }
  .lanes b { padding: .3rem .4rem; font-size: .78rem; }
}
@media (prefers-reduced-motion: reduce) { .bar { display: none; } }
`
