import { createHash } from 'node:crypto'

import { Html, html } from './html'

/** A page before it is sent. Style sheets and scripts are parts of it: it loads nothing. */
export interface Page {
  /** What it is written in; undefined: English, as the only one. */
  readonly language?: { readonly lang: string; readonly dir: string } | undefined
  readonly title: string | Html
  readonly styles: readonly string[]
  readonly scripts?: readonly string[]
  /** Whether its scripts ask its own host. */
  readonly asksItself?: boolean
  /** Without scripts it is loaded again after so long. */
  readonly refreshSeconds?: number
  readonly content: Html
}

export function renderPage(page: Page): string {
  const { language, title, styles, scripts = [], refreshSeconds, content } = page
  const { lang, dir } = language ?? { lang: 'en', dir: 'ltr' }
  return html`<!doctype html>
    <html lang="${lang}" dir="${dir}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        ${refreshSeconds === undefined ? undefined : refreshAfter(refreshSeconds)}
        ${styles.map((style) => new Html(`<style>${style}</style>`))}
      </head>
      <body>
        ${content} ${scripts.map((script) => new Html(`<script>${script}</script>`))}
      </body>
    </html> `.markup
}

function refreshAfter(seconds: number): Html {
  return html`<noscript><meta http-equiv="refresh" content="${seconds}" /></noscript>`
}

/** A Content-Security-Policy that allows exactly what is in a page. */
export function policyOf({ styles, scripts = [], asksItself = false }: Page): string {
  return [
    "default-src 'none'",
    'img-src data:',
    `style-src ${hashes(styles)}`,
    `script-src ${hashes(scripts)}`,
    ...(asksItself ? ["connect-src 'self'"] : []),
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
