import type { Answer } from '../answer'
import type { EmulatorState } from '../endpoint'
import { FAULT_ENDPOINTS } from '../faults/faults'
import { FAULT_NAMES } from '../faults/fault-table'
import type { JournalEntry } from '../journal'
import { html, type Html } from '../../pages/html'
import { pageAnswer } from './page'

const SHOWN_ENTRIES = 20

/** The start page: what this is, what it offers and what it was asked last. Shows no secret. */
export function homePage(state: EmulatorState): Answer {
  const { origin } = state
  return pageAnswer(
    200,
    'An emulator of Login with Amazon',
    html`<div class="wide">
      <p>
        It speaks the protocol of Login with Amazon to apps on this machine, so that they can be
        built and tested without an account there. All it knows is in memory and made up.
      </p>
      <h2>Endpoints</h2>
      ${table(
        'Endpoints',
        ['For', 'URL'],
        [
          ['Consent', html`<code>${origin}/ap/oa</code>`],
          ['Token', html`<code>${origin}/auth/o2/token</code>`],
          ['Profile', html`<code>${origin}/user/profile</code>`],
          ['Token info', html`<code>${origin}/auth/o2/tokeninfo</code>`],
          ['Code pair', html`<code>${origin}/auth/o2/create/codepair</code>`],
          ['Device page', html`<a href="/us/code"><code>${origin}/us/code</code></a>`],
          ['Apps people allow', html`<a href="/ap/adam"><code>${origin}/ap/adam</code></a>`],
        ],
      )}
      ${people(state)} ${clients(state)} ${faults(state)}
      ${journal(state.journal.entries().slice(-SHOWN_ENTRIES).reverse())}
    </div>`,
  )
}

function people({ people }: EmulatorState): Html {
  return html`<h2>People</h2>
    ${table(
      'People',
      ['Name', 'E-mail', 'Id'],
      people.map(({ name, email, userId }) => [
        name ?? '–',
        email ?? '–',
        html`<code>${userId}</code>`,
      ]),
    )}`
}

function clients({ clients }: EmulatorState): Html {
  return html`<h2>Clients</h2>
    ${table(
      'Clients',
      ['App', 'Client id', 'Allowed Return URLs'],
      clients
        .list()
        .map(({ name, clientId, allowedReturnUrls = [] }) => [
          name ?? '–',
          html`<code>${clientId}</code>`,
          allowedReturnUrls.map((url) => html`<code>${url}</code><br />`),
        ]),
    )}`
}

function faults({ faults, origin }: EmulatorState): Html {
  const active = faults.list()
  return html`<h2>Faults</h2>
    <p data-testid="active-faults">
      ${active.length === 0 ? 'None is on.' : html`On: <code>${JSON.stringify(active)}</code>`}
    </p>
    <pre tabindex="0" aria-label="Commands">
curl -X PUT ${origin}/emulator/faults -H 'content-type: application/json' \\
  -d '{"endpoint": "profile", "fault": {"name": "status", "status": 503}, "times": 2}'
curl -X DELETE ${origin}/emulator/faults</pre>
    <p class="soft">
      Endpoints: ${FAULT_ENDPOINTS.join(', ')}.<br />Names: ${FAULT_NAMES.join(', ')}.
    </p>`
}

function journal(entries: readonly JournalEntry[]): Html {
  if (entries.length === 0)
    return html`<h2>Last requests</h2>
      <p>None yet.</p>`
  return html`<h2>Last requests</h2>
    <p class="soft">Whole: <code>GET /emulator/journal</code></p>
    ${table(
      'Last requests',
      ['Time', 'Request', 'Status'],
      entries.map(({ atMs, method, path, status }) => [
        new Date(atMs).toISOString().slice(11, 23),
        html`<code>${method} ${path}</code>`,
        status ?? '–',
      ]),
    )}`
}

type Cell = Parameters<typeof html>[1]

/** @param label What it is a table of, for those who do not see the heading above it. */
function table(label: string, heads: readonly string[], rows: readonly (readonly Cell[])[]): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${label}">
    <table class="table">
      <thead>
        <tr>
          ${heads.map((head) => html`<th scope="col">${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((cell) => html`<td>${cell}</td>`)}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`
}
