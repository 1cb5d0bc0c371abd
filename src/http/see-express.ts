import type { Application, RequestHandler } from 'express'

import type { SeenExpress } from '../doctor/seen'

/** One thing that is mounted, as Express 4 and 5 keep it. */
interface Layer {
  readonly name?: unknown
  readonly handle?: unknown
}

/** How express-session names its middleware. */
const EXPRESS_SESSION = 'session'

/**
 * What an Express app says of itself, for doctor.
 *
 * @param own The middleware: what is mounted before it, and what behind it, is told apart. It cannot be seen in a router of
 *   the host.
 */
export function seeExpress(app: Application, own: RequestHandler, mountPath: string): SeenExpress {
  const layers = layersOf(app)
  const place = layers.findIndex(({ handle }) => handle === own)
  const session = layers.findIndex(({ name }) => name === EXPRESS_SESSION)
  const isSeen = layers.length > 0 && place >= 0
  const where = session < 0 ? 'none' : session < place ? 'before' : 'behind'
  return {
    trustProxy: app.get('trust proxy') as unknown,
    mountPath,
    session: isSeen ? where : undefined,
  }
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
