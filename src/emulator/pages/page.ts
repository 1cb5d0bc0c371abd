import { createHash } from 'node:crypto'
import type { Answer } from '../answer'
import { html, type Html } from '../../pages/html'
import { renderPage } from '../../pages/page'
import { STYLE } from './style'

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64')

/**
 * No script, no foreign resource, no frame. There is no `form-action`, because browsers hold it
 * against the redirect that follows a form, and that goes to the app and from there wherever the
 * app wants.
 */
const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': [
    "default-src 'none'",
    `style-src 'sha256-${STYLE_HASH}'`,
    'img-src data:',
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

/** A whole page, with the banner that says what it is not. */
export function pageAnswer(status: number, title: string, content: Html): Answer {
  const body = renderPage({
    title: `${title} · Emulator`,
    styles: [STYLE],
    content: html`<header class="banner" data-testid="banner">
        <p>This is an emulator for development. It is not Amazon.</p>
      </header>
      <main class="card">
        <h1>${title}</h1>
        ${content}
      </main>`,
  })
  return { status, headers: HEADERS, body }
}
