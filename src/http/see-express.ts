import type { Application, RequestHandler } from 'express'

import type { MountState, SeenExpress } from '../doctor/seen'
import { findPlace, type Layer } from './find-place'

/** How express-session names its middleware. */
const EXPRESS_SESSION = 'session'

/**
 * What an Express app says of itself, for doctor.
 *
 * @param own The middleware: what is mounted before it, and what behind it, is told apart.
 * @param mountPath Path that a request has met it under; undefined: none has come.
 */
export function seeExpress(
  app: Application,
  own: RequestHandler,
  mountPath: string | undefined,
): SeenExpress {
  const layers = layersOf(app)
  const place = findPlace(layers, own)
  return {
    trustProxy: app.get('trust proxy') as unknown,
    mountPath: mountPath ?? place?.path,
    session: sessionIn(layers, own),
    // Where requests come through, nothing is in their way.
    ...(mountPath === undefined && { mount: mountOf(place) }),
  }
}

function mountOf(place: ReturnType<typeof findPlace>): MountState {
  if (place === undefined) return 'absent'
  return place.isBehindAnswer ? 'hidden' : 'mounted'
}

function sessionIn(layers: readonly Layer[], own: RequestHandler): SeenExpress['session'] {
  const place = layers.findIndex(({ handle }) => handle === own)
  if (place < 0) return undefined
  const session = layers.findIndex(({ name }) => name === EXPRESS_SESSION)
  if (session < 0) return 'none'
  return session < place ? 'before' : 'behind'
}

function layersOf(app: Application): readonly Layer[] {
  const { _router: ofExpress4 } = app as unknown as { readonly _router?: { stack?: Layer[] } }
  if (ofExpress4 !== undefined) return ofExpress4.stack ?? []
  try {
    const { router } = app as unknown as { readonly router?: { stack?: Layer[] } }
    return router?.stack ?? []
  } catch {
    // Express 4 with nothing mounted as yet: `router` is an error there.
    return []
  }
}
