import { html, type Html } from '../html'
import { fill } from '../texts/fill'
import { ASSETS, type ScriptName } from './assets'
import type { AdminTexts } from './texts/en'
import { appPath } from './app-path'

/** The places that the navigation leads to. */
export type Section =
  'overview' | 'apps' | 'signIns' | 'changes' | 'users' | 'webhooks' | 'settings' | 'keys' | 'setUp'

/** A page for operators before it stands in its frame. */
export interface AdminPage {
  /** That of the window. */
  readonly title: string
  /** Its one heading. Default: the title. */
  readonly heading?: Html
  readonly section?: Section | undefined
  /** The app that it is about; undefined: all, or none. */
  readonly app?: { readonly appIdentifier: string; readonly name: string } | undefined
  readonly content: Html
  readonly scripts?: readonly ScriptName[]
  /** Whether the browser opens it once more by itself, at once. */
  readonly reloads?: true
}

/** What the frame needs to know. */
export interface AdminFrame {
  /** Path that all pages lie below. */
  readonly base: string
  readonly texts: AdminTexts
  /** Undefined: nobody is signed in. */
  readonly operator: { readonly name: string; readonly appId: string | undefined } | undefined
  readonly formToken: string | undefined
  /** Places that the navigation leaves out, as nothing is kept that they show. */
  readonly hidden: readonly Section[]
  /** A sentence that the page before has left. */
  readonly notice: string | undefined
}

/** Name of the field that a form of these pages carries its token in. */
export const TOKEN_FIELD = 'form_token'

/** Sections of all apps, and of one: where each lies. */
const OF_ALL = [
  ['overview', '/'],
  ['apps', '/apps'],
  ['signIns', '/sign-ins'],
  ['changes', '/changes'],
] as const satisfies readonly (readonly [Section, string])[]
const OF_APP = [
  ['overview', ''],
  ['signIns', '/sign-ins'],
  ['users', '/users'],
  ['webhooks', '/webhooks'],
  ['settings', '/settings'],
  ['keys', '/keys'],
  ['setUp', '/setup'],
  ['changes', '/changes'],
] as const satisfies readonly (readonly [Section, string])[]

/** A whole page: frame, navigation, content. */
export function adminLayout(frame: AdminFrame, page: AdminPage): string {
  const { base, texts, notice } = frame
  const { title, heading = title, app, content, scripts = [] } = page
  const { common, lang, dir } = texts
  const of = app === undefined ? undefined : html` · ${app.name}`
  return html`<!doctype html>
    <html lang="${lang}" dir="${dir}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>${title}${of} · ${common.title}</title>
        <link rel="icon" href="data:," />
        ${page.reloads && html`<meta http-equiv="refresh" content="0" />`}
        <link rel="stylesheet" href="${assetPath(base, 'admin.css')}" />
        ${scripts.map((name) => html`<script src="${assetPath(base, name)}" defer></script>`)}
      </head>
      <body class="admin">
        <a class="skip" href="#content">${common.skip}</a>
        ${header(frame, page)}
        <main id="content" tabindex="-1">
          ${app === undefined ? undefined : html`<p class="kicker">${app.name}</p>`}
          <h1>${heading}</h1>
          ${
            notice === undefined
              ? undefined
              : html`<p class="notice good" role="status">${notice}</p>`
          }
          ${content}
        </main>
      </body>
    </html> `.markup
}

/** The field that proves that a form is of these pages: in every form that changes something. */
export function tokenField(formToken: string): Html {
  return html`<input type="hidden" name="${TOKEN_FIELD}" value="${formToken}" />`
}

function assetPath(base: string, name: 'admin.css' | ScriptName): string {
  return `${base}/assets/${ASSETS.get(name)?.fileName ?? name}`
}

function header(frame: AdminFrame, page: AdminPage): Html {
  const { base, texts, operator, formToken } = frame
  const { common } = texts
  if (operator === undefined || formToken === undefined) {
    return html`<header class="top"><span class="brand">${common.title}</span></header>`
  }
  const seesAll = operator.appId === undefined
  return html`<header class="top">
      <a class="brand" href="${base}/">${common.title}</a>
      ${seesAll ? navigation(common.sections, links(OF_ALL, base, frame), page.app === undefined ? page.section : 'apps') : undefined}
      <form class="who" method="post" action="${base}/sign-out">
        ${tokenField(formToken)}
        <span>${fill(common.operator, { name: html`<b>${operator.name}</b>` })}</span>
        <button class="button quiet small">${common.signOut}</button>
      </form>
    </header>
    ${
      page.app === undefined
        ? undefined
        : navigation(
            common.pages,
            links(OF_APP, base + appPath(page.app.appIdentifier), frame),
            page.section,
            'tabs',
          )
    }`
}

interface Link {
  readonly section: Section
  readonly href: string
  readonly text: string
}

function links(
  sections: readonly (readonly [Section, string])[],
  base: string,
  { texts: { common }, hidden }: AdminFrame,
): readonly Link[] {
  return sections
    .filter(([section]) => !hidden.includes(section))
    .map(([section, path]) => ({ section, href: base + path, text: common[section] }))
}

function navigation(
  label: string,
  items: readonly Link[],
  current: Section | undefined,
  className = 'sections',
): Html {
  return html`<nav class="${className}" aria-label="${label}">
    ${items.map(({ section, href, text }) =>
      section === current
        ? html`<a href="${href}" aria-current="page">${text}</a>`
        : html`<a href="${href}">${text}</a>`,
    )}
  </nav>`
}
