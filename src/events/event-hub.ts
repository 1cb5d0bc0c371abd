import { EventEmitter } from 'node:events'

import type { Logger } from '../logger'
import { suggest } from '../suggest'
import { AUTH_EVENTS, type AuthEventName, type AuthEvents } from './auth-events'

/** What is done when an event comes. It may be async; nobody waits for it, and what it returns is not looked at. */
export type AuthListener<Name extends AuthEventName> = (event: AuthEvents[Name]) => unknown

/** Where listeners are, and who tells them. */
export interface EventHub {
  /** @throws {TypeError} There is no such event, or the listener is no function. */
  readonly on: ChangeListeners
  readonly once: ChangeListeners
  readonly off: ChangeListeners
  /**
   * Tells those who listen, in the order in which they came. Never throws, never waits.
   *
   * @param build Makes the event; not called where nobody listens.
   */
  readonly emit: <Name extends AuthEventName>(name: Name, build: () => AuthEvents[Name]) => void
}

type ChangeListeners = <Name extends AuthEventName>(
  name: Name,
  listener: AuthListener<Name>,
) => void

/** Ways to listen that return what they belong to, for chains. */
export type Chained<Owner> = Readonly<
  Record<
    'on' | 'once' | 'off',
    <Name extends AuthEventName>(name: Name, listener: AuthListener<Name>) => Owner
  >
>

export function chained<Owner>(
  hub: Pick<EventHub, 'on' | 'once' | 'off'>,
  owner: () => Owner,
): Chained<Owner> {
  return {
    on(...added) {
      hub.on(...added)
      return owner()
    },
    once(...added) {
      hub.once(...added)
      return owner()
    },
    off(...removed) {
      hub.off(...removed)
      return owner()
    },
  }
}

/** More at one event are most likely one that is added with each request. */
const MAX_LISTENERS = 100

/** `once()` of Node.js listens to it beside what it waits for. It never comes. */
const NEVER_TOLD = 'error'

/** What a listener throws, or rejects with, goes to the log and nowhere else. */
export function createEventHub(logger: Logger): EventHub {
  const emitter = new EventEmitter().setMaxListeners(MAX_LISTENERS)

  function tell(name: AuthEventName, event: AuthEvents[AuthEventName], listener: Listener): void {
    const failed = (cause: unknown): void =>
      logger.error({ event: name, app: event.appId, cause }, 'a listener of auth.on() failed')
    try {
      const result: unknown = listener(event)
      if (isThenable(result)) result.then(undefined, failed)
    } catch (cause) {
      failed(cause)
    }
  }

  const change =
    (method: 'on' | 'once' | 'off'): ChangeListeners =>
    (name, listener) =>
      void emitter[method](name, checked(method, name, listener))

  return {
    on: change('on'),
    once: change('once'),
    off: change('off'),
    emit(name, build) {
      if (emitter.listenerCount(name) === 0) return
      const event = frozen(build())
      for (const listener of emitter.rawListeners(name)) tell(name, event, listener as Listener)
    },
  }
}

/** All listeners get the same event, and none of them another's changes. An error is left as it is, as others hold it. */
function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || value instanceof Error) return value
  Object.values(value).forEach(frozen)
  return Object.freeze(value)
}

function isThenable(result: unknown): result is PromiseLike<unknown> {
  return typeof (result as { then?: unknown } | null | undefined)?.then === 'function'
}

type Listener = (event: unknown) => unknown

/** A listener under a name that is misspelt would never be called. */
function checked(method: string, name: unknown, listener: unknown): Listener {
  const shown = String(name).slice(0, 40)
  if (name !== NEVER_TOLD && !AUTH_EVENTS.some((known) => known === name)) {
    const meant = suggest(shown, AUTH_EVENTS)
    const hint =
      meant === undefined ? `There are: ${AUTH_EVENTS.join(', ')}.` : `Did you mean "${meant}"?`
    throw new TypeError(`auth.${method}: there is no event "${shown}". ${hint}`)
  }
  if (typeof listener === 'function') return listener as Listener
  throw new TypeError(`auth.${method}: the listener of "${shown}" must be a function`)
}
