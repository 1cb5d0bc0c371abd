import { html, type Html } from './html'
import type { Page } from './page'
import { personal } from './personal'
import { plainPage } from './plain-page'
import type { Texts } from './texts/en'
import { fill } from './texts/fill'
import type { Listed, TriedStep, TriedUser, TryFailure, TryReport } from './try-report'

/** Whose sign-in was tried. */
export interface TriedApp {
  readonly appName: string
  /** Address of the guide through its set-up, where the try has begun there. */
  readonly guide: string | undefined
}

/** What a sign-in that was tried has come to, for those who run the app. Names, codes and advice are as in the log: in English. */
export function tryPage(report: TryReport, { appName, guide }: TriedApp, texts: Texts): Page {
  const { trial } = texts
  const said = report.ok ? trial.works : whatFailed(report, texts)
  const page = plainPage(
    texts,
    fill(said, { app: appName }),
    html`<h1 class="${report.ok ? 'good' : 'alarm'}">${fill(said, { app: personal(appName) })}</h1>
      <p>${trial.nothing}</p>
      ${report.failure === null ? undefined : why(report.failure, texts)}
      ${report.steps.length === 0 ? undefined : steps(report.steps, texts)}
      ${section(trial.asked, report.asked)} ${section(trial.received, report.received)}
      ${section(trial.profile, report.profile)} ${section(trial.read, report.read)}
      ${section(trial.mapped, report.mapped)}
      ${report.user === null ? undefined : user(report.user, texts)}
      ${report.tokens.map(({ kind, claims }) =>
        section(kind === 'id_token' ? trial.idToken : trial.sessionToken, claims),
      )}
      ${report.target === null ? undefined : target(report.target, texts)}
      ${guide === undefined ? undefined : link(guide, trial.toGuide, 'button')}
      ${report.again === null ? undefined : link(report.again, texts.tryAgain, 'button quiet')}`,
  )
  return { ...page, styles: [...page.styles, STYLE] }
}

function link(href: string, text: string, look: string): Html {
  return html`<p class="act"><a class="${look}" href="${href}">${text}</a></p>`
}

/** A link that is over says nothing of the sign-in. */
function whatFailed({ failure }: TryReport, { trial }: Texts): string {
  return failure?.code === 'try_link_invalid' ? trial.over : trial.fails
}

function why({ step, code, message, advice, amazon, doctor }: TryFailure, { trial }: Texts): Html {
  return html`<section class="notice alarm" role="alert">
    <h2>${trial.why}</h2>
    ${list({ ...(step !== undefined && { step }), code, ...(amazon !== null && { amazon }) })}
    <div lang="en" dir="ltr">
      <p>${message}</p>
      <p>${advice}</p>
      ${doctor.map(
        ({ check, level, seen, fix, origin }) =>
          html`<p class="${level}">
            <b>${level}</b> <code>${check}</code> ${seen}${origin && ` (${origin})`}
            ${fix && html`<br />${fix}`}
          </p>`,
      )}
    </div>
  </section>`
}

function steps(taken: readonly TriedStep[], { trial }: Texts): Html {
  return html`<section>
    <h2>${trial.steps}</h2>
    <ol dir="ltr">
      ${taken.map(
        ({ step, ms, ok }) =>
          html`<li class="${ok ? 'ok' : 'failure'}">
            <span>${ok ? '✓' : '✗'} <code>${step}</code></span> <span>${ms.toFixed(1)} ms</span>
          </li>`,
      )}
    </ol>
  </section>`
}

function user({ isNew, changes, record }: TriedUser, { trial }: Texts): Html {
  const fields = changes.map((name, at) => html`${at > 0 ? ', ' : ''}<code>${name}</code>`)
  const known = changes.length === 0 ? trial.isKnown : fill(trial.changes, { fields })
  return section(trial.user, record, html`<p>${isNew ? trial.isNew : known}</p>`)
}

function target({ url, means }: { url: string; means: string }, { trial }: Texts): Html {
  const signsIn = means === 'session' ? trial.session : trial.token
  return html`<section>
    <h2>${trial.target}</h2>
    <p dir="ltr"><code>${url}</code></p>
    <p>${means === 'nothing' ? trial.noToken : signsIn}</p>
  </section>`
}

function section(title: string, listed: Listed, before?: Html): Html
function section(title: string, listed: Listed | null): Html | undefined
function section(title: string, listed: Listed | null, before?: Html): Html | undefined {
  if (listed === null || Object.keys(listed).length === 0) return undefined
  return html`<section>
    <h2>${title}</h2>
    ${before} ${list(listed)}
  </section>`
}

function list(listed: Listed): Html {
  return html`<dl class="facts" dir="ltr">
    ${rowsOf(listed).map(
      ([name, value]) =>
        html`<div>
          <dt><code>${name}</code></dt>
          <dd>${personal(value)}</dd>
        </div>`,
    )}
  </dl>`
}

/** What lies deeper has a longer name; of a list each stands beside the other. */
function rowsOf(listed: Listed, before = ''): readonly (readonly [string, string])[] {
  return Object.entries(listed).flatMap(([name, value]) => {
    if (value === undefined || value === null) return []
    if (Array.isArray(value)) return [[before + name, value.join(' ')] as const]
    if (typeof value === 'object') return rowsOf(value as Listed, `${before}${name}.`)
    return [[before + name, typeof value === 'string' ? value : JSON.stringify(value)] as const]
  })
}

const STYLE = `
body { padding: var(--space-4) 0; }
main { width: min(46rem, 100% - 2rem); }
main.card { padding: clamp(var(--space-4), 4vw, var(--space-6)); }
.notice p { color: inherit; }
h1.good, .ok > span:first-child { color: var(--good); }
h1.alarm, .failure > span:first-child, p.failure b { color: var(--alarm); }
h2 { margin: var(--space-5) 0 var(--space-2); }
ol { margin: 0; padding: 0; list-style: none; }
li { display: flex; flex-wrap: wrap; gap: 0 var(--space-4); justify-content: space-between; padding: var(--space-1) 0; border-bottom: 1px solid var(--line); }
ol, .facts { border-top: 1px solid var(--line); }
`
