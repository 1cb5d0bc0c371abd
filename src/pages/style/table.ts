/** `.table`, within a `.scroll` that has a label and can be reached by keys; `.number` in cells lines up digits. On a phone cells are as wide as a few words need: the table is moved sideways anyway. Japanese and Chinese break at punctuation only: else a narrow column has one character a line. */
export const TABLE = `
.scroll { position: relative; overflow-x: auto; }
.table { width: 100%; border-collapse: collapse; font-size: .9375rem; }
.table caption { padding-bottom: var(--space-2); color: var(--soft); font-size: .875rem; text-align: start; }
.table :is(th, td) { padding-block: var(--space-2); padding-inline: 0 var(--space-4); border-bottom: 1px solid var(--line); text-align: start; vertical-align: baseline; }
.table :is(th, td):last-child { padding-inline-end: 0; }
.table thead th { color: var(--soft); font-size: .8125rem; font-weight: 600; white-space: nowrap; }
.table tbody th { font-weight: 600; }
.table :is(th, td):is(:lang(ja), :lang(zh)) { word-break: keep-all; }
.table tbody tr:hover { background: color-mix(in srgb, var(--tint) 50%, transparent); }
.table tbody tr[aria-selected=true] { background: var(--tint); }
.table .number { text-align: end; font-variant-numeric: tabular-nums; white-space: nowrap; }
.table time { white-space: nowrap; }
.table code { overflow-wrap: normal; }
.table td form { display: inline; }
@media (max-width: 40rem) {
  .table td:not(.number, :empty, :has([type=checkbox])) { min-width: 8.5rem; }
  .table td:has(details, ol, [lang]), .table td[lang] { min-width: 14rem; }
  .table td a { overflow-wrap: anywhere; }
  .table td.number:has(time) { min-width: 7rem; text-align: start; }
  .table td.number time { white-space: normal; }
}
`
