/**
 * Spans of OpenTelemetry, for those who trace. Nothing secret or personal is ever in them: no user, no address of a person, no
 * query of a URL, no value of a statement; failures are told by their code alone.
 *
 * Only what implements it knows OpenTelemetry, whose types a host need not have.
 */
export interface Tracing {
  /** Whether somebody traces: while nobody does, all of the rest may be left out. */
  isOn(): boolean
  /** Begins the span of an attempt to sign in, within that of the request. Undefined: nobody wants it. */
  beginAttempt(way: string): AttemptTrace | undefined
  /**
   * Sends a request to another host in a span of its own. Nothing within is traced, and no header tells the host of the trace.
   *
   * @param read What of the answer is told.
   */
  request<T>(
    request: TracedRequest,
    work: () => Promise<T>,
    read: (answer: T) => TracedAnswer,
  ): Promise<T>
  /** Asks the store, within a span that is under way; without one, untraced. */
  query<T>(query: TracedQuery, work: () => Promise<T>): Promise<T>
  /** Does a piece of work for an app in a span of its own. */
  run<T>(name: string, appId: string, work: () => Promise<T>): Promise<T>
}

/** The span of an attempt to sign in, and those of its steps. */
export interface AttemptTrace {
  /** Does the attempt's work; what is asked meanwhile of the store and of Amazon is within its steps. */
  run<T>(work: () => Promise<T>): Promise<T>
  enter(step: string): void
  leave(): void
  /** Tells the step that is under way, and the attempt, that it has failed. */
  fail(code: string): void
  end(facts: AttemptFacts): void
}

/** What is known of an attempt at its end. */
export interface AttemptFacts {
  readonly app: string | undefined
  /** Which part of a sign-in it was, where that has several. */
  readonly leg: string | undefined
}

export interface TracedRequest {
  readonly method: string
  /** Scheme, host and port. */
  readonly origin: string
  /** What follows a `?` in it is not told. */
  readonly path: string
}

export interface TracedAnswer {
  readonly status?: number | undefined
  /** Why it is a failure; undefined: it is none. */
  readonly failure?: string | undefined
}

export interface TracedQuery {
  /** As the semantic conventions name it: `sqlite`, `postgresql`. */
  readonly system: string
  /** e.g. `SELECT`; of several statements `BATCH`. */
  readonly operation: string
  /** e.g. `SELECT users`. */
  readonly summary: string
  readonly table: string | undefined
  /** Statements, where they are several. */
  readonly size: number | undefined
}
