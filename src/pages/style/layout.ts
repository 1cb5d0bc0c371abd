/**
 * `.card` holds what belongs together, `.grid` puts cards beside each other where there is room, `.toolbar` a heading and its
 * buttons; `.facts` is a definition list of `div`s, `.figure` one number with its name, `.empty` what a list says that has nothing.
 */
export const LAYOUT = `
.card { min-width: 0; padding: clamp(var(--space-4), 3vw, var(--space-5)); background: var(--card); border: 1px solid var(--line); border-radius: var(--radius-large); }
.card > :is(h2, h3):first-child { margin-bottom: var(--space-3); }
:is(.card, .grid, .empty, .form, .scroll, .pager) + :is(.card, .grid, .toolbar, .scroll, form) { margin-top: var(--space-4); }
.grid { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(18rem, 100%), 1fr)); gap: var(--space-4); align-items: start; }
.grid > :is(.card, .grid) { margin-top: 0; }
.toolbar { display: flex; flex-wrap: wrap; gap: var(--space-3); align-items: center; justify-content: space-between; margin-bottom: var(--space-4); }
.facts { margin: 0; }
.facts > div { display: flex; flex-wrap: wrap; gap: 0 var(--space-4); padding: var(--space-1) 0; border-bottom: 1px solid var(--line); }
.facts dt { flex: 0 0 11rem; color: var(--soft); }
.facts dd { flex: 1 1 14rem; min-width: 0; margin: 0; overflow-wrap: anywhere; }
.figure { margin: 0; color: var(--soft); font-size: .875rem; }
.figure b { display: block; color: var(--ink); font-size: 1.75rem; font-variant-numeric: tabular-nums; line-height: 1.2; }
.empty { padding: var(--space-6) var(--space-4); border: 1px dashed var(--edge); border-radius: var(--radius); color: var(--soft); text-align: center; }
.progress { display: block; width: 100%; height: .6rem; border: 0; border-radius: 1rem; background: var(--line); accent-color: var(--accent); overflow: hidden; appearance: none; }
.progress::-webkit-progress-bar { background: var(--line); }
.progress::-webkit-progress-value { background: var(--accent); }
.progress::-moz-progress-bar { background: var(--accent); }
`
