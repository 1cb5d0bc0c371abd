/** Markup that is safe to send: made by `html` only. */
export class Html {
  /** @internal */
  constructor(readonly markup: string) {}
}

export type HtmlValue = string | number | Html | undefined | readonly HtmlValue[]

/** Builds markup; every value is escaped but what `html` itself made. Undefined prints nothing. */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return new Html(
    parts.map((part, at) => part + (at < values.length ? print(values[at]) : '')).join(''),
  )
}

function print(value: HtmlValue): string {
  if (value === undefined) return ''
  if (value instanceof Html) return value.markup
  if (typeof value === 'object') return value.map(print).join('')
  return String(value).replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
}
