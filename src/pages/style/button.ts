/** `.button` for what is done, with `.quiet` for the second choice, `.danger` for what cannot be undone, `.small` in tables; `.buttons` holds some. */
export const BUTTON = `
.button { display: inline-block; min-height: 2.75rem; padding: .55rem 1.1rem; border: 1px solid var(--accent); border-radius: var(--radius); background: var(--accent); color: var(--accent-ink); font: 600 1rem/1.5 var(--sans); text-align: center; text-decoration: none; cursor: pointer; }
.button.danger { border-color: var(--alarm); background: var(--alarm); color: var(--card); }
.button.quiet { background: transparent; color: var(--accent); }
.button.quiet.danger { color: var(--alarm); }
.button.small { min-height: 2rem; padding: .2rem .75rem; font-size: .875rem; }
.button:hover { filter: brightness(1.08); }
.button.quiet:hover { background: var(--tint); filter: none; }
.button.quiet.danger:hover { background: var(--alarm-tint); }
.button.danger:focus-visible { outline-color: var(--alarm); }
.button:disabled, .button[aria-disabled=true] { border-color: var(--line); background: var(--line); color: var(--soft); filter: none; cursor: not-allowed; }
.buttons { display: flex; flex-wrap: wrap; gap: var(--space-3); align-items: center; }
`
