import { html, type Html } from '../../html'
import { fill } from '../../texts/fill'
import { tokenField, type AdminPage } from '../admin-layout'
import type { AdminTexts } from '../texts/en'
import { doctorTable, type DoctorLine } from './doctor-page'
import { alarm, lineField, pathOfApp, secretField, type OfApp } from './form-parts'

export interface SetUp extends OfApp {
  readonly returnAddress: string
  /** The address of this very request is in it: nobody has set another. */
  readonly isGuessed: boolean
  readonly keys: {
    /** The client id that is in force; empty: none is. */
    readonly clientId: string
    readonly areSet: boolean
    /** Whether they come from the configuration. */
    readonly areConfigured: boolean
    /** Versions of what is stored, by the names of the settings. */
    readonly seen: { readonly az_app_id: string; readonly az_secret: string }
  }
  /** But for what is fine. */
  readonly findings: readonly DoctorLine[]
  readonly isTried: boolean
  readonly problems?: { readonly az_app_id?: string | Html; readonly az_secret?: string | Html }
  readonly typedClientId?: string
}

const CONSOLE = 'https://developer.amazon.com/loginwithamazon/console/site/lwa/overview.html'

/** Leads through what it takes until people can sign in to an app. */
export function setUpPage(shown: SetUp, texts: AdminTexts): AdminPage {
  const { apps } = texts
  const { isTried, problems = {}, keys } = shown
  return {
    title: apps.setUpTitle,
    section: 'setUp',
    app: shown.app,
    scripts: ['copy.js'],
    content: html`${alarm(Object.values(problems)[0])}
      <p class="notice ${isTried ? 'good' : ''}" data-testid="set-up-state">
        ${isTried ? apps.setUpDone : apps.setUpNotDone}
      </p>
      ${step(1, apps.stepProfile, undefined, profile(texts), texts)}
      ${step(2, apps.stepReturn, undefined, returning(shown, texts), texts)}
      ${step(3, apps.stepKeys, keys.areSet, keysForm(shown, texts), texts)}
      ${step(4, apps.stepDoctor, shown.findings.length === 0, doctor(shown, texts), texts)}
      ${step(5, apps.stepTry, isTried, trying(shown, texts), texts)}`,
  }
}

/** @param isDone Undefined: nobody here can know. */
function step(
  number: number,
  title: string,
  isDone: boolean | undefined,
  content: Html,
  { apps }: AdminTexts,
): Html {
  const state =
    isDone === undefined
      ? undefined
      : html`<span class="tag ${isDone ? 'good' : 'warn'}">${isDone ? apps.done : apps.todo}</span>`
  return html`<section class="card" aria-labelledby="step-${number}">
    <h2 id="step-${number}">${number}. ${title} ${state}</h2>
    ${content}
  </section>`
}

function profile({ apps }: AdminTexts): Html {
  const link = html`<a href="${CONSOLE}" rel="noreferrer">${apps.console}</a>`
  return html`<p>${fill(apps.stepProfileHow, { console: link })}</p>`
}

function returning({ returnAddress, isGuessed }: SetUp, { apps, common }: AdminTexts): Html {
  return html`<p>${apps.stepReturnHow}</p>
    <dl class="facts">
      <div>
        <dt>${apps.returnAddress}</dt>
        <dd>
          <code id="return-address">${returnAddress}</code>
          <button
            class="button quiet small"
            data-copy="return-address"
            data-copied="${common.copied}"
            hidden
          >
            ${apps.copyReturn}
          </button>
        </dd>
      </div>
    </dl>
    ${isGuessed ? html`<p class="help">${apps.returnGuessed}</p>` : undefined}`
}

function keysForm(shown: SetUp, { apps, settings, common }: AdminTexts): Html {
  const { keys, problems = {}, formToken, typedClientId } = shown
  return html`<p>${apps.stepKeysHow}</p>
    ${keys.areSet ? html`<p>${apps.keysAreSet}</p>` : undefined}
    ${keys.areConfigured ? html`<p class="help">${apps.keysFrom}</p>` : undefined}
    <form class="form" method="post" action="${pathOfApp(shown)}/setup" autocomplete="off">
      ${tokenField(formToken)}
      <input type="hidden" name="seen_id" value="${keys.seen.az_app_id}" />
      <input type="hidden" name="seen_secret" value="${keys.seen.az_secret}" />
      ${lineField({
        id: 'az_app_id',
        name: 'az_app_id',
        label: settings.names.az_app_id,
        help: settings.help.az_app_id,
        value: typedClientId ?? keys.clientId,
        problem: problems.az_app_id,
      })}
      ${secretField({
        id: 'az_secret',
        name: 'az_secret',
        label: settings.names.az_secret,
        help: keys.areSet ? settings.secretNew : settings.secretFirst,
        problem: problems.az_secret,
      })}
      <p><button class="button">${common.save}</button></p>
    </form>`
}

function doctor(shown: SetUp, texts: AdminTexts): Html {
  const { apps } = texts
  const path = pathOfApp(shown)
  return html`${
      shown.findings.length === 0
        ? html`<p>${apps.doctorFine}</p>`
        : doctorTable(shown.findings, texts)
    }
    <p class="buttons">
      <a class="button quiet" href="${path}/setup">${apps.lookAgain}</a>
      <a href="${path}/doctor">${apps.doctorAll}</a>
    </p>`
}

function trying(shown: SetUp, { apps }: AdminTexts): Html {
  const { isTried, keys } = shown
  return html`<p>${apps.stepTryHow}</p>
    <p data-testid="tried">${isTried ? apps.tried : apps.notTried}</p>
    ${
      keys.areSet
        ? html`<p>
            <a class="button" href="${pathOfApp(shown)}/try" data-testid="try-it">${apps.tryIt}</a>
          </p>`
        : html`<p class="help">${apps.tryNeedsKeys}</p>`
    }`
}
