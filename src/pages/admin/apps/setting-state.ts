import { html, type Html } from '../../html'
import { fill } from '../../texts/fill'
import type { AdminTexts } from '../texts/en'

/** A value and where it comes from: stored, from the configuration of this app or of all, a default. */
export interface Sourced {
  readonly text: string
  readonly from: 'stored' | 'app' | 'all' | 'default'
  /** File and line, variable, option; undefined: not to be told. */
  readonly origin: string | undefined
}

export interface ShownValue {
  readonly isStored: boolean
  /** A secret that no key opens. */
  readonly isUnreadable: boolean
  readonly inForce: Sourced | undefined
  readonly beneath: Sourced | undefined
  /** The name by which texts know it; undefined: it has no meaning here. */
  readonly known: string | undefined
}

/** What of a setting is in force, and what would be without what is stored. */
export function settingState(
  { known, isStored, isUnreadable, inForce, beneath }: ShownValue,
  { settings }: AdminTexts,
): Html {
  const broken = isUnreadable ? html`<p class="notice alarm">${settings.unreadable}</p>` : undefined
  if (known === undefined) return html`${broken}`
  const now = {
    stored: settings.inForce,
    app: settings.inForceApp,
    all: settings.inForceAll,
    default: settings.inForceDefault,
  }
  const below = {
    stored: settings.beneathNothing,
    app: settings.beneathApp,
    all: settings.beneathAll,
    default: settings.beneathDefault,
  }
  return html`${broken}
    <p class="help">
      ${sentence(inForce, now, settings.nothingInForce, settings.configuration)}
      ${isStored ? sentence(beneath, below, settings.beneathNothing, settings.configuration) : undefined}
    </p>`
}

function sentence(
  value: Sourced | undefined,
  texts: Readonly<Record<Sourced['from'], string>>,
  nothing: string,
  somewhere: string,
): Html | string {
  if (value === undefined) return nothing
  const { from, text, origin } = value
  const place = origin === undefined ? somewhere : html`<span lang="en">${origin}</span>`
  return fill(texts[from], { value: html`<code>${text}</code>`, origin: place })
}
