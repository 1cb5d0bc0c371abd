import type { Answer } from '../answer'
import { html, type Html } from '../../pages/html'
import { pageAnswer } from './page'

/**
 * What a browser sees when the request cannot be sent back to the app: nothing of it reaches the
 * app.
 */
export function errorPage(what: Html, details: URLSearchParams): Answer {
  return pageAnswer(
    400,
    'This sign-in cannot start',
    html`<p><b>Error 400: Bad Request</b></p>
      <div data-testid="error">${what}</div>
      <h2>Request details</h2>
      <dl class="facts">
        ${[...details].map(
          ([name, value]) =>
            html`<div>
              <dt>${name}</dt>
              <dd>${value}</dd>
            </div> `,
        )}
      </dl>`,
  )
}

export function repeatedParameter(name: string): Html {
  return html`<p>The parameter <code>${name}</code> stands in the request more than once.</p>`
}

export function unknownClient(clientId: string): Html {
  return html`<p>No client has the id <code>${clientId}</code>.</p>
    <p class="soft">
      The start page lists the clients of this emulator. Add one with <code>clients</code>,
      <code>addClient()</code> or <code>POST /emulator/clients</code>.
    </p>`
}

export function unlistedReturnUrl(redirectUri: string, appName: string): Html {
  return html`<p>
      The redirect URI is not among the Allowed Return URLs of <b>${appName}</b>. It must be one of
      them byte for byte. Add this one:
    </p>
    <pre data-testid="missing-return-url" tabindex="0">${redirectUri}</pre>
    <p class="soft">
      At Amazon: developer console, Security Profile, “Web Settings”, “Allowed Return URLs”. In this
      emulator: <code>allowedReturnUrls</code> of the client.
    </p>`
}
