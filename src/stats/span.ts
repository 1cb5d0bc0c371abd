/** The periods that sign-ins are counted by. They begin where UTC has them begin, everywhere. */
export type Span = 'minute' | 'hour' | 'day'

/** The shortest first. */
export const SPANS: readonly Span[] = ['minute', 'hour', 'day']

/** UTC as computers count it has no leap seconds, so all are of one length. */
export const SPAN_MS: Readonly<Record<Span, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
}

/** When the period began that a time is in; all in milliseconds since 1970. */
export function startOf(atMs: number, span: Span): number {
  return Math.floor(atMs / SPAN_MS[span]) * SPAN_MS[span]
}
