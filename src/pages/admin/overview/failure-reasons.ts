import { ERRORS } from '../../../errors'
import type { StatsReport } from '../../../stats/create-stats'
import { html, type Html } from '../../html'
import { showIn } from '../charts/show'
import type { AdminTexts } from '../texts/en'
import { wayText } from '../way-text'

interface Reason {
  readonly reason: string
  readonly count: number
  readonly ways: readonly string[]
}

/** Why sign-ins have failed: a bar for each reason, with a link to the sign-ins that failed so. */
export function failureReasons(
  report: StatsReport,
  /** Of the page that lists sign-ins; undefined: there is none. */
  signInsPath: string | undefined,
  texts: AdminTexts,
): Html {
  const { overview } = texts
  const reasons = byReason(report)
  return html`<section class="card wide">
    <h2>${overview.failures}</h2>
    ${
      reasons.length === 0
        ? html`<p class="soft">${overview.failuresNone}</p>`
        : table(reasons, { report, signInsPath, texts })
    }
  </section>`
}

function table(
  reasons: readonly Reason[],
  {
    report,
    signInsPath,
    texts,
  }: {
    readonly report: StatsReport
    readonly signInsPath: string | undefined
    readonly texts: AdminTexts
  },
): Html {
  const { overview, lang } = texts
  const show = showIn(lang, report.step)
  const greatest = Math.max(...reasons.map(({ count }) => count))
  const total = reasons.reduce((sum, { count }) => sum + count, 0)
  return html`<div class="scroll" role="region" tabindex="0" aria-labelledby="failures-table">
    <table class="table">
      <caption id="failures-table">
        ${overview.failuresCaption}
      </caption>
      <thead>
        <tr>
          <th scope="col">${overview.reason}</th>
          <th scope="col">${overview.ways}</th>
          <th scope="col" class="number">${overview.count}</th>
          <th scope="col" class="number">${overview.shareOf}</th>
          <td></td>
        </tr>
      </thead>
      <tbody>
        ${reasons.map(
          ({ reason, count, ways }) =>
            html`<tr>
              <th class="reason" scope="row">
                ${signInsPath === undefined ? html`<code>${reason}</code>` : html`<a href="${filtered(signInsPath, reason)}"><code>${reason}</code></a>`}
                ${words(reason)}
              </th>
              <td>${ways.map((way) => wayText(way, texts)).join(', ')}</td>
              <td class="number">${show.number(count)}</td>
              <td class="number">${show.percent(count / total)}</td>
              <td>${meter(count / greatest)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`
}

function filtered(signInsPath: string, reason: string): string {
  return `${signInsPath}?${new URLSearchParams({ outcome: 'failure', reason }).toString()}`
}

/** What it means, as logs and the command line say it. */
function words(reason: string): Html | undefined {
  const known = Object.hasOwn(ERRORS, reason) ? ERRORS[reason as keyof typeof ERRORS] : undefined
  return known && html`<br /><small class="soft" lang="en">${known.advice}</small>`
}

/** A share of the longest, for those who see it: its number stands beside it. */
export function meter(share: number, colour: 'c1' | 'c3' = 'c3'): Html {
  return html`<svg class="meter" width="100%" height="10" aria-hidden="true">
    <rect class="rest" width="100%" height="10" rx="2" />
    <rect class="${colour}" width="${Math.round(share * 1000) / 10}%" height="10" rx="2" />
  </svg>`
}

/** The ways of a reason together, the most frequent first. */
function byReason({ failures }: StatsReport): readonly Reason[] {
  const reasons = new Map<string, Reason>()
  for (const { reason, way, count } of failures) {
    const known = reasons.get(reason)
    reasons.set(reason, {
      reason,
      count: (known?.count ?? 0) + count,
      ways: [...(known?.ways ?? []), way],
    })
  }
  return [...reasons.values()].sort((one, other) => other.count - one.count)
}
