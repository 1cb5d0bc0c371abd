/** The one style sheet of all pages: own colours, light and dark, from 320 px up. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: #f3f5f9; --card: #fff; --ink: #1b2333; --soft: #566078; --line: #d5dbe7;
  --accent: #4338ca; --accent-ink: #fff; --tint: #eef0ff; --banner: #1e1b4b; --banner-ink: #e6e7ff;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #10131c; --card: #191e2b; --ink: #e8ebf4; --soft: #a3adc4; --line: #333c51;
    --accent: #a5b0ff; --accent-ink: #12143a; --tint: #232a45; --banner: #2a2660;
    --banner-ink: #e6e7ff;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--ground); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif;
}
.banner {
  margin: 0; padding: .6rem 1rem; text-align: center; text-wrap: balance; font-size: .875rem;
  font-weight: 600;
  background: var(--banner); color: var(--banner-ink);
}
main {
  max-width: 32rem; margin: 2rem auto; padding: 2rem; background: var(--card);
  border: 1px solid var(--line); border-radius: 1rem;
  box-shadow: 0 12px 32px -18px rgb(20 24 60 / .35);
}
main:has(.wide) { max-width: 60rem; }
@media (max-width: 36rem) {
  main { margin: 0; padding: 1.25rem 1rem 2rem; border: 0; border-radius: 0; box-shadow: none; }
  body { background: var(--card); }
}
[role=alert] {
  padding: .75rem 1rem; border-left: 4px solid var(--accent); border-radius: .3rem;
  background: var(--tint);
}
h1 {
  margin: 0 0 .5rem; font-size: 1.5rem; line-height: 1.25; letter-spacing: -.01em;
  text-wrap: balance;
}
h2, legend { margin: 0; padding: 0; font-size: 1rem; font-weight: 650; }
h2 { margin-top: 1.75rem; }
p { margin: .5rem 0; }
.soft { color: var(--soft); font-size: .9rem; }
a { color: var(--accent); }
code, dd {
  font-family: ui-monospace, 'SF Mono', Menlo, Consolas, monospace; font-size: .85em;
  overflow-wrap: anywhere;
}
.asks {
  margin: .5rem 0 0; padding: .75rem 1rem .75rem 2rem; border-radius: .6rem;
  background: var(--tint);
}
.asks li + li { margin-top: .25rem; }
fieldset { margin: 1.5rem 0 0; padding: 0; border: 0; min-width: 0; }
.person {
  display: grid; grid-template-columns: auto 1fr; gap: 0 .85rem; align-items: center;
  margin-top: .6rem;
  padding: .7rem .9rem; border: 1px solid var(--line); border-radius: .7rem; cursor: pointer;
}
.person:hover { border-color: var(--accent); }
.person:has(:checked) {
  border-color: var(--accent); background: var(--tint);
  box-shadow: inset 0 0 0 1px var(--accent);
}
.person:has(:focus-visible) { outline: 3px solid var(--accent); outline-offset: 2px; }
.person input {
  width: 1.15rem; height: 1.15rem; margin: 0; accent-color: var(--accent); outline: none;
}
.person b { display: block; font-weight: 600; overflow-wrap: anywhere; }
.person .soft { overflow-wrap: anywhere; }
.missing { font-style: italic; }
.tag {
  display: inline-block; padding: 0 .45rem; border: 1px solid var(--line); border-radius: 1rem;
  font-size: .75rem; line-height: 1.35rem; color: var(--soft); white-space: nowrap;
}
.buttons { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 1.5rem; }
button {
  flex: 1 1 9rem; min-height: 2.9rem; padding: .5rem 1.25rem; border: 1px solid var(--accent);
  border-radius: .7rem;
  background: transparent; color: var(--accent); font: inherit; font-weight: 600; cursor: pointer;
}
button.primary { background: var(--accent); color: var(--accent-ink); }
button:hover { filter: brightness(1.08); }
button:focus-visible, input:focus-visible, a:focus-visible {
  outline: 3px solid var(--accent); outline-offset: 2px;
}
label.field { display: block; margin-top: 1.25rem; font-weight: 600; }
input[type=text] {
  display: block; width: 100%; margin-top: .4rem; padding: .6rem .8rem;
  border: 1px solid var(--soft); border-radius: .7rem;
  background: var(--card); color: var(--ink); font: 1.4rem ui-monospace, Menlo, Consolas, monospace;
  letter-spacing: .2em; text-transform: uppercase;
}
dl { margin: .75rem 0 0; }
dt { margin-top: .5rem; color: var(--soft); font-size: .85rem; }
dd { margin: 0; }
pre {
  margin: .5rem 0; padding: .75rem 1rem; border-radius: .6rem; background: var(--tint);
  overflow-x: auto; font-size: .8rem;
}
.scroll { overflow-x: auto; }
table { width: 100%; margin-top: .5rem; border-collapse: collapse; font-size: .9rem; }
th, td {
  padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); text-align: left;
  vertical-align: top;
}
th { color: var(--soft); font-weight: 500; font-size: .8rem; }
td code { white-space: nowrap; }
`
