import { html, type Html } from '../../../pages/html'

type Lane = 'browser' | 'server' | 'amazon'

interface Step {
  readonly from: Lane
  readonly to: Lane
  readonly sends: string
  readonly why: string
}

const LANES: readonly Lane[] = ['browser', 'server', 'amazon']
const NAMES: Readonly<Record<Lane, string>> = {
  browser: 'Browser',
  server: 'Your server',
  amazon: 'Amazon',
}

const STEPS: readonly Step[] = [
  {
    from: 'browser',
    to: 'server',
    sends: 'GET /amazon_auth?state=acme',
    why: 'The button. The server finds the app and its client at Amazon.',
  },
  {
    from: 'browser',
    to: 'amazon',
    sends: 'state · code_challenge',
    why: 'A redirect to the consent page. A sealed cookie binds the login to this browser.',
  },
  {
    from: 'amazon',
    to: 'browser',
    sends: '302 · code · state',
    why: 'The person has allowed it. The code is worth nothing without the app’s secret.',
  },
  {
    from: 'browser',
    to: 'server',
    sends: 'GET /amazon_auth?code=…&state=…',
    why: 'The state must match the cookie, once.',
  },
  {
    from: 'server',
    to: 'amazon',
    sends: 'POST /auth/o2/token',
    why: 'Code, client secret and code verifier become an access token.',
  },
  {
    from: 'server',
    to: 'amazon',
    sends: 'GET /user/profile',
    why: 'Who it is. The person becomes a user of this app only.',
  },
  {
    from: 'server',
    to: 'browser',
    sends: '302 · cookie or token',
    why: 'Signed in: Acme by session cookie, Zenith by a token in the address.',
  },
]

/** The way of one login, as arrows between three lanes. */
export function loginSteps(): Html {
  return html`<section class="card steps" aria-labelledby="steps-title">
    <h2 id="steps-title">What happens at one press of the button</h2>
    <div class="lanes" aria-hidden="true">${LANES.map((lane) => html`<b>${NAMES[lane]}</b> `)}</div>
    <ol>
      ${STEPS.map(step)}
    </ol>
  </section>`
}

function step({ from, to, sends, why }: Step, at: number): Html {
  const direction = LANES.indexOf(from) < LANES.indexOf(to) ? 'right' : 'left'
  const [start, end] = direction === 'right' ? [from, to] : [to, from]
  return html`<li>
    <p class="${start}-${end}">
      <span class="number" aria-hidden="true">${at + 1}</span>
      <span class="unseen">${NAMES[from]} to ${NAMES[to]}:</span>
      <code>${sends}</code>
      <span class="why">${why}</span>
    </p>
    <span class="arrow ${direction} ${start}-${end}"></span>
  </li> `
}
