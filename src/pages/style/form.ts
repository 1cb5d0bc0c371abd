/**
 * `.form` is a column of `.field`s, each a label, a `.help`, the control and an `.error`; `.form.row` is one of few fields that go
 * beside each other, as filters do. `.choice` is the label of a tick box or radio button with it inside.
 */
export const FORM = `
.form { display: grid; gap: var(--space-5); max-width: 44rem; }
.form.row { display: flex; flex-wrap: wrap; gap: var(--space-3); max-width: none; }
.form.row > .field { flex: 1 1 11rem; }
.form.row > :is(p, .field) { margin: 0; }
.form.row > :not(.field) { align-self: end; }
@media (max-width: 40rem) { .form.row > .field { flex-basis: 8rem; } .form.row > .field:is(:has(.help), :has([type=datetime-local]), :has([type=search])) { flex-basis: 12rem; } }
.field { min-width: 0; }
.field > label:not(.choice), .form legend { display: block; padding: 0; font-weight: 600; overflow-wrap: anywhere; }
.form fieldset { display: grid; gap: var(--space-4); min-width: 0; margin: 0; }
.form fieldset:not(.card) { padding: 0; border: 0; }
.form fieldset.card > legend { float: inline-start; }
.form legend { margin-bottom: var(--space-2); }
.help, .error { display: block; margin: var(--space-1) 0 0; font-size: .875rem; }
.help { color: var(--soft); }
.error { color: var(--alarm); font-weight: 600; }
.field :is(input:not([type=checkbox], [type=radio], [type=hidden], [type=file]), select, textarea) { display: block; width: 100%; min-height: 2.75rem; margin-top: var(--space-1); padding: .5rem .75rem; border: 1px solid var(--edge); border-radius: var(--radius); background: var(--card); color: var(--ink); font: inherit; }
.field textarea { min-height: 6rem; resize: vertical; }
.field :is(.secret, textarea.code, input.code) { font-family: var(--mono); }
.field [aria-invalid=true] { border-color: var(--alarm); box-shadow: inset 0 0 0 1px var(--alarm); }
.field :disabled { background: var(--code); color: var(--soft); cursor: not-allowed; }
.choice { display: grid; grid-template-columns: auto 1fr; gap: 0 var(--space-2); align-items: baseline; }
:is(input[type=checkbox], input[type=radio]) { width: 1.1rem; height: 1.1rem; margin: 0; accent-color: var(--accent); vertical-align: middle; }
`
