import type { Request, Response } from 'express'

import type { App } from '../../apps/app'
import type { AuditEvent, LoginWay } from '../../audit/audit-event'
import type { Begin } from '../../stats/sign-in-counter'
import type { AttemptTrace } from '../../telemetry/tracing'
import type { User } from '../../users/user'
import type { SignInServices } from '../auth-services'
import type { LoginVisit, Visit } from '../installation'
import type { Asked } from '../sign-in-address'
import type { SignInMeans } from '../target-places'

/** Names of the steps of a login: the same in logs, metrics and errors. */
export type StepName =
  | 'parse_request'
  | 'resolve_app'
  | 'verify_state'
  | 'create_code_pair'
  | 'poll_device'
  | 'exchange_code'
  | 'fetch_profile'
  | 'upsert_user'
  | 'start_session'
  | 'issue_token'
  // Of a login that is only tried, which is looked at more closely.
  | 'check_app'
  | 'read_consent'
  | 'choose_target'
  | 'map_profile'

export interface StepTime {
  readonly step: StepName
  readonly durationMs: number
}

const NOTHING: Asked = {}

/**
 * The record of one attempt to sign in, filled as it goes: what is known of it to those who answer it, and to those who
 * tell of it, once, at its end.
 */
export class Attempt implements Visit {
  readonly req: Request
  readonly res: Response
  readonly services: SignInServices
  /** Id of the app that the request names, or the host for it; undefined until one has. */
  appId: string | undefined = undefined
  /** The app itself; undefined while it is not found, and when there is none. */
  app: App | undefined = undefined
  /** What it was begun with, as far as that is known. */
  asked: Asked = NOTHING
  /** Whether a program waits for the bare token (`redirect=false`), rather than a browser for its next page. */
  isForProgram = false
  /** Ends the login that has failed, so that its return cannot be used again. */
  end: (() => void) | undefined = undefined
  /** By what it ends well; undefined: a page that leads on. */
  means: SignInMeans | undefined = undefined
  /** Whether the browser that returned is proven to be the one that began. */
  isBound = false
  /** The sign-in that has come back with it, as a cookie of this browser tells; undefined: none, or not by this attempt. */
  countedBegin: Begin | undefined = undefined
  /** What is done beside the rest, and must be done before it is answered; never rejects. */
  beside: Promise<void> | undefined = undefined
  /** Whom it has signed in. Of several hits of one return URL, the one that has traded the code has. */
  user: User | undefined = undefined
  /** Whether it has made that user. */
  isNewUser = false
  /** Which part of a sign-in it is, where that has several. */
  leg: 'begin' | 'return' | 'poll' | undefined = undefined
  /** Its spans; undefined: nobody traces it. */
  trace: AttemptTrace | undefined = undefined
  /** Those that are over. */
  readonly steps: StepTime[] = []
  private readonly begunMs = performance.now()
  private step: StepName | undefined = undefined
  private sinceMs = 0

  constructor(
    readonly way: LoginWay,
    { req, res, services }: Visit,
  ) {
    this.req = req
    this.res = res
    this.services = services
  }

  /** Begins a step, and ends the one before. */
  enter(step: StepName): void {
    this.leave()
    this.step = step
    this.sinceMs = performance.now()
    this.trace?.enter(step)
  }

  /** Ends the step that is under way, if one is. */
  leave(): void {
    if (this.step === undefined) return
    this.steps.push({ step: this.step, durationMs: performance.now() - this.sinceMs })
    this.step = undefined
    this.trace?.leave()
  }

  /** How far it has come, and how long that took, once its last step is over. */
  measure(): Measured {
    let amazonMs: number | undefined
    for (const { step, durationMs } of this.steps) {
      if (AT_AMAZON.has(step)) amazonMs = (amazonMs ?? 0) + durationMs
    }
    return {
      step: this.steps.at(-1)?.step,
      tookMs: Math.round(performance.now() - this.begunMs),
      amazonMs: amazonMs && Math.round(amazonMs),
    }
  }
}

export type Measured = Pick<AuditEvent, 'step' | 'tookMs' | 'amazonMs'>

/** Steps that wait for Amazon, and do next to nothing beside. */
const AT_AMAZON: ReadonlySet<StepName> = new Set<StepName>([
  'create_code_pair',
  'poll_device',
  'exchange_code',
  'fetch_profile',
])

/** An attempt in a browser. */
export class PageAttempt extends Attempt implements LoginVisit {
  readonly mountPath: string
  readonly warnOnce: LoginVisit['warnOnce']

  constructor(way: LoginWay, visit: LoginVisit) {
    super(way, visit)
    this.mountPath = visit.mountPath
    this.warnOnce = visit.warnOnce
  }
}
