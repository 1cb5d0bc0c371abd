import { createHash } from 'node:crypto'

import { Html, html } from './html'

/** A page before it is sent. Style sheets and scripts are parts of it: it loads nothing. */
export interface Page {
  /** What it is written in; undefined: English, as the only one. */
  readonly language?: { readonly lang: string; readonly dir: string } | undefined
  readonly title: string | Html
  readonly styles: readonly string[]
  readonly scripts?: readonly string[]
  readonly content: Html
}

export function renderPage({ language, title, styles, scripts = [], content }: Page): string {
  const { lang, dir } = language ?? { lang: 'en', dir: 'ltr' }
  return html`<!doctype html>
    <html lang="${lang}" dir="${dir}">
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

/** A Content-Security-Policy that allows exactly what is in a page. */
export function policyOf({ styles, scripts = [] }: Page): string {
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
