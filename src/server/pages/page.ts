import { createHash } from 'node:crypto'

import type { Response } from 'express'

import { Html, html } from '../../emulator/pages/html'

/** A page before it is sent. Style sheets and scripts are parts of it: it loads nothing. */
export interface Page {
  readonly title: string
  readonly styles: readonly string[]
  readonly scripts?: readonly string[]
  readonly content: Html
}

/** Sends a page under a policy that allows exactly what is in it. */
export function sendPage(res: Response, status: number, page: Page): void {
  res.setHeader('Content-Security-Policy', policyOf(page))
  res.setHeader('Cache-Control', 'no-store')
  // Not `no-referrer`, under which browsers send sign-out forms without an origin.
  res.setHeader('Referrer-Policy', 'same-origin')
  res.setHeader('X-Content-Type-Options', 'nosniff')
  res.status(status).type('html').send(render(page))
}

function render({ title, styles, scripts = [], content }: Page): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        ${styles.map((style) => new Html(`<style>${style}</style>`))}
      </head>
      <body>
        ${content} ${scripts.map((script) => new Html(`<script>${script}</script>`))}
      </body>
    </html> `.markup
}

function policyOf({ styles, scripts = [] }: Page): string {
  return [
    "default-src 'none'",
    'img-src data:',
    `style-src ${hashes(styles)}`,
    `script-src ${hashes(scripts)}`,
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

function hashes(texts: readonly string[]): string {
  if (texts.length === 0) return "'none'"
  return texts
    .map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`)
    .join(' ')
}
