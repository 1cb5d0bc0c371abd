import { html, type Html } from '../../html'
import { fill } from '../../texts/fill'
import { tokenField, type AdminPage } from '../admin-layout'
import type { AdminTexts } from '../texts/en'
import { alarm, pathOfApp, type OfApp } from './form-parts'

export interface NewKeys {
  readonly accessKey: string
  readonly secretKey: string
}

/** Keys that have just been made: shown this once. */
export function newKeysPage(
  of: OfApp & { readonly keys: NewKeys; readonly isNewApp: boolean },
  texts: AdminTexts,
): AdminPage {
  const { apps } = texts
  const { app, keys, isNewApp } = of
  return {
    title: isNewApp ? apps.createdTitle : apps.rotated,
    section: 'keys',
    app,
    scripts: ['copy.js', 'once.js'],
    content: html`<div class="card">
      ${isNewApp ? html`<p>${fill(apps.createdKeys, { app: html`<b>${app.name}</b>` })}</p>` : undefined}
      <p class="notice warn">${apps.keysOnce}</p>
      <dl class="facts">
        ${key('access', apps.accessKey, keys.accessKey, apps.copyAccess, texts)}
        ${key('secret', apps.secretKey, keys.secretKey, apps.copySecret, texts)}
      </dl>
      <p><a class="button" href="${pathOfApp(of)}/setup">${apps.goOnToSetUp}</a></p>
    </div>`,
  }
}

function key(id: string, label: string, value: string, copy: string, texts: AdminTexts): Html {
  return html`<div>
    <dt>${label}</dt>
    <dd>
      <code id="${id}" data-once>${value}</code>
      <button
        class="button quiet small"
        data-copy="${id}"
        data-copied="${texts.common.copied}"
        hidden
      >
        ${copy}
      </button>
    </dd>
  </div>`
}

/** Where new keys are made. */
export function keysPage(
  of: OfApp & {
    readonly accessKey: string
    /** Names the app as it is now: keys are made only for that one. */
    readonly version: string
    /** The secret is configured. */
    readonly isFixed: boolean
    readonly problem?: string
  },
  texts: AdminTexts,
): AdminPage {
  const { apps } = texts
  const { app, accessKey, version, isFixed, problem } = of
  return {
    title: apps.keysTitle,
    section: 'keys',
    app,
    content: html`${alarm(problem)}
      <p>${fill(apps.keysAbout, { key: html`<code>${accessKey}</code>` })}</p>
      ${
        isFixed
          ? html`<p class="notice">${apps.rotateFixed}</p>`
          : html`<form class="form card" method="post" action="${pathOfApp(of)}/keys">
              ${tokenField(of.formToken)}
              <input type="hidden" name="version" value="${version}" />
              <div>
                <h2>${apps.rotate}</h2>
                <p>${apps.rotateEffect}</p>
              </div>
              <label class="choice"
                ><input type="checkbox" name="sure" value="yes" required />
                ${apps.rotateConfirm}</label
              >
              <p><button class="button danger">${apps.rotate}</button></p>
            </form>`
      }`,
  }
}
