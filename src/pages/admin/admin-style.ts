import { BASE } from '../style/base'
import { COMPONENTS } from '../style/components'
import { TOKENS } from '../style/tokens'

/** What the pages for operators have beside what all pages share: the frame around them. */
const FRAME = `
.admin > main, .admin > .top, .admin > .tabs { width: min(76rem, 100% - 2rem); margin-inline: auto; }
.admin > main { padding-block: var(--space-4) var(--space-6); outline: none; }
.admin > main > h1 { margin-bottom: var(--space-4); }
.admin > main > .kicker { margin: 0; color: var(--soft); font-weight: 600; overflow-wrap: anywhere; }
.skip { position: absolute; z-index: 1; inset-inline-start: 0; padding: var(--space-2) var(--space-4); background: var(--card); }
.skip:not(:focus) { width: 1px; height: 1px; padding: 0; overflow: hidden; clip-path: inset(50%); }
.top { display: flex; flex-wrap: wrap; gap: var(--space-2) var(--space-5); align-items: center; padding-block: var(--space-4); }
.brand { color: var(--ink); font-weight: 700; text-decoration: none; }
.sections { display: flex; flex: 1 1 auto; flex-wrap: wrap; gap: 0 var(--space-4); }
.sections a { padding: var(--space-1) 0; border-bottom: 3px solid transparent; color: var(--soft); font-weight: 600; text-decoration: none; }
.sections a:hover { color: var(--ink); }
.sections a[aria-current] { border-color: var(--accent); color: var(--accent); }
.who { display: flex; flex-wrap: wrap; gap: var(--space-2) var(--space-3); align-items: center; margin-inline-start: auto; color: var(--soft); font-size: .875rem; overflow-wrap: anywhere; }
.narrow { max-width: 34rem; }
@media (max-width: 40rem) {
  .admin > .top { column-gap: var(--space-3); padding-block: var(--space-3); }
  .who { gap: var(--space-2); }
  .sections { order: 1; flex-basis: 100%; justify-content: space-between; gap: 0 var(--space-2); }
}
`

/** The one sheet of the pages for operators. */
export const ADMIN_STYLE = [TOKENS, BASE, COMPONENTS, FRAME].join('')
