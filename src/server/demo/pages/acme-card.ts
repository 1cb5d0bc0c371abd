import { counted } from '../../../counted'
import { html, type Html } from '../../../pages/html'
import { ACME } from '../shops'
import type { SentCookie } from '../watch-cookie'
import { card, signInButton, signOutButton } from './card'
import { person, type ShownPerson } from './person'
import { acmeSnippet, type EmulatorAddresses } from './snippets'

export interface AcmeState {
  readonly user: ShownPerson | undefined
  /** The session cookie as it was sent last. */
  readonly cookie: SentCookie | undefined
}

const DAY_MS = 86_400_000

export function acmeCard(
  { user, cookie }: AcmeState,
  cause: string | undefined,
  emulator: EmulatorAddresses,
): Html {
  return card({
    shop: ACME,
    icon: LOAF,
    cause,
    content:
      user === undefined
        ? signInButton(
            ACME,
            'A classic web app: after the sign-in the browser holds a session cookie, and the page holds nothing.',
          )
        : html`${person(user)}
          ${signOutButton(ACME, '/amazon_auth/logout?appid=acme&returnto=/%23acme')}
          ${cookie && cookieTable(cookie)}`,
    snippet: acmeSnippet(emulator),
  })
}

function cookieTable({ name, httpOnly, sameSite, secure, lifeMs }: SentCookie): Html {
  const life = lifeMs === undefined ? 'session' : counted(Math.round(lifeMs / DAY_MS), 'day')
  return html`<h3>The cookie, as it was sent</h3>
    <div class="scroll">
      <table class="table" data-testid="cookie">
        ${row('Name', name, 'its value is an opaque, signed session id')}
        ${row('HttpOnly', yesNo(httpOnly), 'scripts cannot read it')}
        ${row('SameSite', sameSite ?? 'not set', 'no form of another site can use it')}
        ${row(
          'Secure',
          yesNo(secure),
          secure
            ? 'it travels over https only'
            : html`this demo speaks http; with https it is on, and the name becomes
                <code>__Host-${name}</code>`,
        )}
        ${row('Lifetime', life, 'at most; it ends after a day without a visit')}
      </table>
    </div>`
}

function row(attribute: string, value: string, meaning: string | Html): Html {
  return html`<tr>
    <th scope="row">${attribute}</th>
    <td><code>${value}</code> <span class="soft small">${meaning}</span></td>
  </tr>`
}

function yesNo(flag: boolean): string {
  return flag ? 'yes' : 'no'
}

const LOAF = html`<svg class="icon" viewBox="0 0 48 48" aria-hidden="true">
  <path
    d="M8 22c-3-1-4-9 3-11 4-2 22-2 26 0 7 2 6 10 3 11v13a3 3 0 0 1-3 3H11a3 3 0 0 1-3-3z"
    fill="none"
    stroke="currentColor"
    stroke-width="2.5"
    stroke-linejoin="round"
  />
  <path
    d="m17 20 4 6m3-6 4 6m3-6 4 6"
    fill="none"
    stroke="currentColor"
    stroke-width="2.5"
    stroke-linecap="round"
  />
</svg>`
