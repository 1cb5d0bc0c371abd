/**
 * `.chart` is a figure drawn by the server, whose series are told apart by pattern as well as by colour: `.c1` to `.c4` colour what
 * they are on, `.mark` the pattern upon it. Its sizes are attributes of the SVG.
 */
export const CHART = `
.chart { margin: 0; }
.chart + .chart { margin-top: var(--space-5); }
.chart > figcaption { margin-bottom: var(--space-2); font-weight: 600; }
.chart .plot { display: block; overflow: visible; }
.chart .grid-line { stroke: var(--line); }
.chart .base-line { stroke: var(--edge); }
.chart text { fill: var(--soft); font: .75rem var(--sans); font-variant-numeric: tabular-nums; }
.chart .axes { display: grid; grid-template-columns: auto minmax(0, 1fr); }
.c1 { fill: var(--accent); } .c2 { fill: var(--warn); } .c3 { fill: var(--alarm); } .c4 { fill: var(--edge); }
.mark { fill: none; stroke: var(--card); stroke-width: 1.5; } .mark.dot { fill: var(--card); stroke: none; }
.legend { display: flex; flex-wrap: wrap; gap: var(--space-1) var(--space-4); margin: 0 0 var(--space-2); padding: 0; list-style: none; color: var(--soft); font-size: .875rem; }
.legend svg { vertical-align: -.125rem; margin-inline-end: var(--space-1); border-radius: 2px; }
.chart details { margin-top: var(--space-3); }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(28rem, 100%), 1fr)); gap: var(--space-4); margin-block: var(--space-4); }
.charts > .wide { grid-column: 1 / -1; }
.reason small { font-weight: 400; }
.charts > .card { margin: 0; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(max(7.5rem, 20%), 1fr)); gap: var(--space-4); margin-bottom: var(--space-4); }
.meter { display: block; min-width: 4rem; }
.meter .rest { fill: var(--line); }
`
