/** The demo's style sheet: light and dark, from 320 px up, no fonts or pictures from elsewhere. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: #f5f3ef; --card: #fffdfa; --ink: #22201c; --soft: #67625a; --line: #e0dbd1; --code: #f2efe8;
  --bread: #a2441a; --bread-tint: #fbeee6; --night: #3d45b5; --night-tint: #eceefc; --on-accent: #fff;
  --alarm: #a3173a; --alarm-tint: #fdecf0;
  --mono: ui-monospace, 'SF Mono', Menlo, Consolas, monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14130f; --card: #1d1b17; --ink: #efece5; --soft: #aba498; --line: #37332b; --code: #26231d;
    --bread: #f2a57f; --bread-tint: #35231a; --night: #aeb6ff; --night-tint: #22253f; --on-accent: #17140f;
    --alarm: #ff9db2; --alarm-tint: #3a1c24;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.55 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; }
header, main, footer { width: min(72rem, 100% - 2rem); margin-inline: auto; }
header { padding: clamp(2rem, 6vw, 4rem) 0 1.75rem; }
h1 { margin: 0; font-size: clamp(1.75rem, 4.6vw, 2.9rem); line-height: 1.08; letter-spacing: -.025em; text-wrap: balance; }
h2 { margin: 0; font-size: 1.3rem; line-height: 1.2; letter-spacing: -.01em; }
h3 { margin: 1.5rem 0 .4rem; font-size: .95rem; }
p { margin: .4rem 0; }
a { color: inherit; text-underline-offset: .15em; }
code { font-family: var(--mono); font-size: .88em; overflow-wrap: anywhere; }
.kicker { margin: 0 0 .75rem; font: 600 .85rem var(--mono); color: var(--soft); }
.lead { max-width: 62ch; margin-top: 1rem; font-size: 1.1rem; text-wrap: pretty; }
.note { max-width: 62ch; margin-top: 1rem; padding-left: .9rem; border-left: 3px solid var(--line); color: var(--soft); }
.soft { color: var(--soft); }
.small { font-size: .85rem; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(26rem, 100%), 1fr)); gap: 1.25rem; align-items: start; }
.card { min-width: 0; padding: clamp(1.1rem, 3vw, 1.75rem); background: var(--card); border: 1px solid var(--line); border-top: 5px solid var(--accent); border-radius: .9rem; scroll-margin-top: 1rem; }
.acme { --accent: var(--bread); --tint: var(--bread-tint); }
.zenith { --accent: var(--night); --tint: var(--night-tint); }
.sign { display: grid; grid-template-columns: auto 1fr auto; gap: .9rem; align-items: center; margin-bottom: 1.1rem; }
.sign p { margin: 0; }
.icon { width: 3rem; height: 3rem; padding: .5rem; border-radius: .8rem; background: var(--tint); color: var(--accent); }
.tag { align-self: start; padding: .1rem .6rem; border-radius: 1rem; background: var(--tint); color: var(--accent); font-size: .8rem; font-weight: 600; white-space: nowrap; }
.act { margin: 1.1rem 0 .5rem; }
.button { display: inline-block; width: 100%; min-height: 2.9rem; padding: .65rem 1.25rem; border: 1px solid var(--accent); border-radius: .6rem; background: var(--accent); color: var(--on-accent); font: inherit; font-weight: 600; text-align: center; text-decoration: none; cursor: pointer; }
.button.quiet { background: transparent; color: var(--accent); }
.button:hover { filter: brightness(1.08); }
.button[hidden] { display: none; }
:focus-visible { outline: 3px solid var(--accent, currentColor); outline-offset: 2px; }
form { margin-top: .9rem; }
.failure { margin: 0 0 1rem; padding: .7rem .9rem; border-left: 4px solid var(--alarm); border-radius: .3rem; background: var(--alarm-tint); overflow-wrap: anywhere; }
.failure b { color: var(--alarm); }

.person { display: grid; grid-template-columns: auto 1fr; gap: 1rem; align-items: center; padding: .9rem 1rem; border-radius: .7rem; background: var(--tint); }
.person p { margin: 0; line-height: 1.4; overflow-wrap: anywhere; }
.person b { font-size: 1.15rem; }
.avatar { display: grid; place-items: center; width: 3.6rem; height: 3.6rem; border-radius: 50%; background: var(--accent); color: var(--on-accent); font-size: 1.25rem; font-weight: 700; }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: .45rem .75rem .45rem 0; border-top: 1px solid var(--line); text-align: left; vertical-align: baseline; }
th { width: 6rem; color: var(--soft); font-weight: 500; font-size: .9rem; }
td code { margin-right: .4rem; font-weight: 600; }
pre { margin: .3rem 0 .8rem; padding: .8rem 1rem; border-radius: .6rem; background: var(--code); font-size: .85rem; line-height: 1.5; overflow-x: auto; }
pre code { overflow-wrap: normal; }
pre[data-testid] code { white-space: pre-wrap; overflow-wrap: anywhere; }
.expiry { display: grid; margin-top: 1rem; }
.alive, .over { grid-area: 1 / 1; }
.seconds { color: var(--accent); font-variant-numeric: tabular-nums; }
.bar { height: .4rem; border-radius: 1rem; background: var(--tint); overflow: hidden; }
.bar i { display: block; height: 100%; border-radius: inherit; background: var(--accent); transform-origin: left; }
.paste { margin-top: 1.4rem; padding-top: 1rem; border-top: 1px solid var(--line); }
.paste summary { font-weight: 600; cursor: pointer; }
.copy { width: auto; min-height: 0; margin-top: .4rem; padding: .25rem .9rem; font-size: .85rem; }

.steps { margin-top: 1.25rem; padding: clamp(1.1rem, 3vw, 1.75rem); background: var(--card); border: 1px solid var(--line); border-radius: .9rem; --accent: var(--night); }
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
.number { display: inline-grid; place-items: center; width: 1.4rem; height: 1.4rem; margin-right: .25rem; border-radius: 50%; background: var(--accent); color: var(--on-accent); font-size: .78rem; font-weight: 700; }
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
