/** `.tag` is a word on how something is, `.notice` a sentence or more on what has happened; both neutral, `.good`, `.warn` or `.alarm`. */
export const LABELS = `
.tag { display: inline-block; padding: 0 .6rem; border-radius: 1rem; background: var(--tint); color: var(--accent); font-size: .8125rem; font-weight: 600; line-height: 1.6; white-space: nowrap; }
.tag.good { background: var(--good-tint); color: var(--good); }
.tag.warn { background: var(--warn-tint); color: var(--warn); }
.tag.alarm { background: var(--alarm-tint); color: var(--alarm); }
.notice { margin: var(--space-4) 0; padding: var(--space-3) var(--space-4); border-inline-start: 4px solid var(--accent); border-radius: var(--radius-small); background: var(--tint); color: var(--ink); overflow-wrap: anywhere; }
.notice.good { border-color: var(--good); background: var(--good-tint); }
.notice.warn { border-color: var(--warn); background: var(--warn-tint); }
.notice.alarm { border-color: var(--alarm); background: var(--alarm-tint); }
.notice > :first-child { margin-top: 0; }
.notice > :last-child { margin-bottom: 0; }
`
