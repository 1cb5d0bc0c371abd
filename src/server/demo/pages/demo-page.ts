import { html, type Html } from '../../../pages/html'
import type { Page } from '../../../pages/page'
import { ACME, ZENITH } from '../shops'
import { acmeCard, type AcmeState } from './acme-card'
import { COPY_SCRIPT } from './card'
import { loginSteps } from './login-steps'
import { operatorsCard } from './operators-card'
import type { EmulatorAddresses } from './snippets'
import { STYLE } from './style'
import { countdownStyle, zenithCard, type ZenithState } from './zenith-card'

export interface DemoState {
  readonly emulator: EmulatorAddresses & { readonly origin: string }
  readonly acme: AcmeState
  readonly zenith: ZenithState
  /** From the address, where a failed sign-in has put it: anything may stand there. */
  readonly failure: { readonly app: unknown; readonly cause: unknown }
  /** Milliseconds since 1970. */
  readonly nowMs: number
}

const MAX_CAUSE_CHARACTERS = 200

/** The demo's one page. */
export function demoPage(state: DemoState): Page {
  const { emulator, acme, zenith, nowMs } = state
  return {
    title: 'express-amazon-auth: demo',
    styles: zenith.token === undefined ? [STYLE] : [STYLE, countdownStyle(zenith.token, nowMs)],
    scripts: [COPY_SCRIPT],
    content: html`${INTRODUCTION}
      <main>
        <div class="cards">
          ${acmeCard(acme, causeOf(ACME.id, state), emulator)}
          ${zenithCard(zenith, causeOf(ZENITH.id, state), emulator, nowMs)}
        </div>
        ${operatorsCard()} ${loginSteps()}
      </main>
      ${footer(emulator.origin)}`,
  }
}

const INTRODUCTION = html`<header>
  <p class="kicker">express-amazon-auth · demo</p>
  <h1>One Express server.<br />Two apps, each with its own sign-in.</h1>
  <p class="lead">
    Both shops below are served by the program that you have just started. It mounts
    <code>amazonAuth()</code> once, and each shop has its own client at Amazon, its own people and
    its own way to stay signed in. Sign in to both, as two different people.
  </p>
  <p class="note">
    Amazon is played by an emulator on this machine. No account is needed, nothing leaves your
    computer, and all people are made up.
  </p>
</header>`

function footer(emulatorOrigin: string): Html {
  return html`<footer>
    <p>
      The emulator shows every request it was sent:
      <a href="${emulatorOrigin}">${emulatorOrigin}</a>. Stop both with Ctrl+C.
    </p>
  </footer>`
}

function causeOf(app: string, { failure }: DemoState): string | undefined {
  if (failure.app !== app || typeof failure.cause !== 'string') return undefined
  return failure.cause.slice(0, MAX_CAUSE_CHARACTERS)
}
