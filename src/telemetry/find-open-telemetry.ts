import type * as Api from '@opentelemetry/api'

import { loadOpenTelemetry } from '../late-packages'
import { once } from '../lazily'
import type { Logger } from '../logger'
import { VERSION } from '../version'

/** The API of OpenTelemetry, and our tracer. */
export interface OpenTelemetry {
  readonly api: typeof Api
  readonly tracer: Api.Tracer
}

/** Under which every copy of the API, of any 1.x, finds what an SDK has registered. */
const REGISTERED = Symbol.for('opentelemetry.js.api.1')
const NAME = 'express-amazon-auth'

/**
 * Looks for the SDK of OpenTelemetry that this process has registered, if any. It is looked for at each use, so a host may
 * start it before or after us; while there is none, nothing is loaded and a look is one lookup of a property.
 *
 * @returns What gives OpenTelemetry, or undefined. An SDK that cannot be reached is told once, as a warning.
 */
export function findOpenTelemetry(logger: Logger): () => OpenTelemetry | undefined {
  const open = once(() => {
    try {
      return openTelemetry()
    } catch (error) {
      logger.warn({ err: error }, UNREACHED)
      return undefined
    }
  })
  return () => (registered() === undefined ? undefined : open())
}

function registered(): unknown {
  const known = globalThis as { readonly [REGISTERED]?: { readonly trace?: unknown } }
  return known[REGISTERED]?.trace
}

/** A copy of the API that is newer than the one of the SDK takes no notice of it, and all would be silent. */
function openTelemetry(): OpenTelemetry {
  const api = loadOpenTelemetry()
  if (api.trace.getTracerProvider() !== registered()) {
    throw new Error('its SDK has registered with another copy of @opentelemetry/api, an older one')
  }
  return { api, tracer: api.trace.getTracer(NAME, VERSION) }
}

const UNREACHED =
  'OpenTelemetry is on in this process, but cannot be reached from here, so sign-ins are not traced. Install one copy of @opentelemetry/api beside this package (npm ls @opentelemetry/api).'
