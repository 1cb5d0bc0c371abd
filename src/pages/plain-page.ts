import { html, type Html } from './html'
import type { Page } from './page'
import type { Texts } from './texts/en'

/** One of the few pages that the stand-alone server shows itself, in the language of its texts. */
export function plainPage({ lang, dir }: Texts, title: string | Html, content: Html): Page {
  return {
    language: { lang, dir },
    title,
    styles: [STYLE],
    content: html`<main>${content}</main>`,
  }
}

/** Neutral, light and dark, from 320 px up. */
const STYLE = `
:root { color-scheme: light dark; --ground: #f4f5f7; --card: #fff; --ink: #1d2433; --soft: #586174; --line: #d9dee8; --accent: #1f4fd8; --accent-ink: #fff; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #11141b; --card: #1a1f2a; --ink: #e9ecf3; --soft: #a5aec0; --line: #343c4c; --accent: #9db8ff; --accent-ink: #10182e; }
}
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; }
main { width: min(26rem, 100% - 2rem); padding: 2rem; background: var(--card); border: 1px solid var(--line); border-radius: 1rem; }
h1 { margin: 0 0 .5rem; font-size: 1.35rem; line-height: 1.25; overflow-wrap: anywhere; text-wrap: balance; word-break: auto-phrase; }
p { margin: .5rem 0; color: var(--soft); overflow-wrap: anywhere; word-break: auto-phrase; }
form, .act { margin: 1.5rem 0 0; }
.button { display: block; width: 100%; padding: .7rem 1rem; border: 1px solid var(--accent); border-radius: .6rem; background: var(--accent); color: var(--accent-ink); font: inherit; font-weight: 600; text-align: center; text-decoration: none; cursor: pointer; }
.button.quiet { background: transparent; color: var(--accent); }
.button:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
`
