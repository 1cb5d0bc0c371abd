/** `.tabs` are links to pages beside this one, which has `aria-current="page"`, in as many lines as it takes: what lies beside the screen nobody finds; `.pager` links to what comes before and after. */
export const NAVIGATION = `
.tabs, .tabs ul { display: flex; flex-wrap: wrap; gap: 0 var(--space-1); margin: 0; padding: 0; list-style: none; }
.tabs { margin-bottom: var(--space-5); border-bottom: 1px solid var(--line); }
.tabs a { display: block; margin-bottom: -1px; padding: var(--space-2) var(--space-3); border-bottom: 3px solid transparent; color: var(--soft); font-weight: 600; text-decoration: none; }
.tabs a:hover { border-color: var(--line); color: var(--ink); }
.tabs a[aria-current] { border-color: var(--accent); color: var(--accent); }
@media (max-width: 40rem) { .tabs a { padding: var(--space-1) var(--space-2); } }
.pager { display: flex; flex-wrap: wrap; gap: var(--space-3); align-items: center; justify-content: space-between; margin-top: var(--space-4); }
`
