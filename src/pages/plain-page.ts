import { html, type Html } from './html'
import type { Page } from './page'
import { BASE } from './style/base'
import { BUTTON } from './style/button'
import { LABELS } from './style/labels'
import { LAYOUT } from './style/layout'
import { TOKENS } from './style/tokens'
import type { Texts } from './texts/en'

/** One of the few pages that the stand-alone server shows itself, in the language of its texts. */
export function plainPage({ lang, dir }: Texts, title: string | Html, content: Html): Page {
  return {
    language: { lang, dir },
    title,
    styles: [STYLE],
    content: html`<main class="card">${content}</main>`,
  }
}

/** One card, in the middle. */
const STYLE = `${TOKENS}${BASE}${BUTTON}${LABELS}${LAYOUT}
body { display: grid; place-items: center; min-height: 100vh; }
main { width: min(26rem, 100% - 2rem); }
main.card { padding: var(--space-6); }
p { color: var(--soft); }
form, .act { margin: var(--space-5) 0 0; }
.button { width: 100%; }
`
