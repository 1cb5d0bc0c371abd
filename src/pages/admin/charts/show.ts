import type { Span } from '../../../stats/span'
import { html, type Html } from '../../html'

/** How numbers and times of charts are written in a language. Times are UTC. */
export interface Show {
  number(value: number): string
  percent(share: number): string
  /** Short, as below a bar. */
  label(atMs: number): string
  /** Whole. */
  time(atMs: number): Html
}

const LABELS: Readonly<Record<Span, Intl.DateTimeFormatOptions>> = {
  minute: { hour: '2-digit', minute: '2-digit' },
  hour: { hour: '2-digit', minute: '2-digit' },
  day: { day: 'numeric', month: 'short' },
}
const WHOLE: Readonly<Record<Span, Intl.DateTimeFormatOptions>> = {
  minute: { dateStyle: 'medium', timeStyle: 'short' },
  hour: { dateStyle: 'medium', timeStyle: 'short' },
  day: { dateStyle: 'medium' },
}

/** One for each catalogue and span: making it costs more than all else of a page. */
const made = new Map<string, Show>()

export function showIn(lang: string, step: Span): Show {
  const key = `${lang} ${step}`
  const known = made.get(key) ?? makeShow(lang, step)
  made.set(key, known)
  return known
}

function makeShow(lang: string, step: Span): Show {
  const numbers = new Intl.NumberFormat(lang)
  const shares = new Intl.NumberFormat(lang, { style: 'percent', maximumFractionDigits: 1 })
  const utc = { timeZone: 'UTC', hourCycle: 'h23' } as const
  const labels = new Intl.DateTimeFormat(lang, { ...LABELS[step], ...utc })
  const whole = new Intl.DateTimeFormat(lang, { ...WHOLE[step], ...utc })
  return {
    number: (value) => numbers.format(value),
    percent: (share) => shares.format(share),
    label: (atMs) => labels.format(atMs),
    time: (atMs) => html`<time datetime="${isoOf(atMs, step)}">${whole.format(atMs)}</time>`,
  }
}

function isoOf(atMs: number, step: Span): string {
  const iso = new Date(atMs).toISOString()
  return step === 'day' ? iso.slice(0, 10) : `${iso.slice(0, 16)}Z`
}
