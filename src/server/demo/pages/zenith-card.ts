import { html, type Html } from '../../../pages/html'
import { ZENITH } from '../shops'
import type { HeldToken } from '../zenith'
import { card, signInButton, signOutButton } from './card'
import { person } from './person'
import { zenithSnippet, type EmulatorAddresses } from './snippets'

export interface ZenithState {
  readonly token: HeldToken | undefined
}

export function zenithCard(
  { token }: ZenithState,
  cause: string | undefined,
  emulator: EmulatorAddresses,
  nowMs: number,
): Html {
  return card({
    shop: ZENITH,
    icon: STAR,
    cause,
    content:
      token === undefined
        ? signInButton(
            ZENITH,
            'A page on any host: after the sign-in it is handed a token, trades it for one that lasts, and shows that to the back end.',
          )
        : held(token, nowMs),
    snippet: zenithSnippet(emulator),
  })
}

function held(token: HeldToken, nowMs: number): Html {
  const { claims, header, answer, tradedFor } = token
  return html`${person({
      id: String(claims.sub),
      name: String(claims.name),
      email: String(claims.email),
    })}
    ${signOutButton(ZENITH, '/zenith/sign-out')} ${countdown(token, nowMs)}
    <h3>The token, decoded</h3>
    ${block('token-header', 'Header of the token', JSON.stringify(header))}
    ${block('token-claims', 'Claims of the token', JSON.stringify(claims, null, 2))}
    <h3>What it was traded for</h3>
    <p class="small soft">
      <code>POST /jwt_auth</code> with <code>"provider": "passwordless"</code>, which takes it once:
    </p>
    ${block(
      'traded-for',
      'Claims of the session token',
      tradedFor === undefined ? 'nothing: refused' : JSON.stringify(tradedFor, null, 2),
    )}
    <h3>What the back end makes of that</h3>
    <p class="small soft">
      <code>GET /zenith/me</code> with <code>Authorization: Bearer …</code>, guarded by
      <code>requireUser({ app: 'zenith' })</code>:
    </p>
    ${block('answer', 'Answer of the back end', `${answer.status} ${answer.body}`)}`
}

function block(id: string, label: string, text: string): Html {
  return html`<pre
    tabindex="0"
    aria-label="${label}"
    data-testid="${id}"
  ><code>${text}</code></pre>`
}

/** Runs down without any script: see {@link countdownStyle}. */
function countdown(token: HeldToken, nowMs: number): Html {
  const time = new Date(token.expiresAtSeconds * 1000).toISOString()
  const isOver = secondsLeft(token, nowMs) === 0
  return html`<div class="expiry" data-testid="expiry">
    <p class="alive" ${isOver ? html`hidden` : undefined}>
      Valid for <b class="seconds"></b>, until
      <time datetime="${time}">${time.slice(11, 19)} UTC</time>.
    </p>
    <p class="over">
      Expired at <time datetime="${time}">${time.slice(11, 19)} UTC</time>.
      <a href="/amazon_auth?appid=zenith">Sign in again</a>
    </p>
    <div class="bar" aria-hidden="true"><i></i></div>
  </div>`
}

/** A style sheet made for one token: counts its seconds down, then says that it is over. */
export function countdownStyle(token: HeldToken, nowMs: number): string {
  const left = secondsLeft(token, nowMs)
  const life = Math.max(token.expiresAtSeconds - token.issuedAtSeconds, 1)
  return `
@property --left { syntax: '<integer>'; initial-value: 0; inherits: false; }
@keyframes count { from { --left: ${left}; } to { --left: 0; } }
@keyframes drain { from { transform: scaleX(${left / life}); } to { transform: scaleX(0); } }
@keyframes hide { to { visibility: hidden; } }
@keyframes show { to { visibility: visible; } }
.seconds { counter-reset: left var(--left); animation: count ${left}s linear both; }
.seconds::before { content: counter(left) ' s'; }
.bar i { animation: drain ${left}s linear both; }
.alive { animation: hide 1ms ${left}s forwards; }
.over { visibility: hidden; animation: show 1ms ${left}s forwards; }
`
}

function secondsLeft({ expiresAtSeconds }: HeldToken, nowMs: number): number {
  return Math.max(0, Math.round(expiresAtSeconds - nowMs / 1000))
}

const STAR = html`<svg class="icon" viewBox="0 0 48 48" aria-hidden="true">
  <path
    d="M24 6c2 11 7 16 18 18-11 2-16 7-18 18-2-11-7-16-18-18 11-2 16-7 18-18z"
    fill="none"
    stroke="currentColor"
    stroke-width="2.5"
    stroke-linejoin="round"
  />
</svg>`
