import { failure, ok, warning, type HostCheck } from '../check'

const USE = 'Mount it before routes that answer: app.use(auth), or app.use(path, auth).'

/** Whether requests get to the middleware, as far as the Express app shows; what a request has come through shows by itself. */
export const mount: HostCheck = {
  id: 'mount',
  of: 'host',
  look({ express }) {
    switch (express?.mount) {
      case undefined:
        return undefined
      case 'absent':
        return warning(
          'amazonAuth() is not among what is mounted in this Express app: nobody can sign in, unless an app or a function in it calls it',
          USE,
        )
      case 'hidden':
        return failure(
          'amazonAuth() is mounted behind a handler that answers every request (it has no next): no login gets to it',
          'Mount it before that one, catch-all routes and the page for 404 last (docs/mounting.md).',
        )
      case 'mounted':
        return ok(
          express.mountPath === undefined
            ? 'amazonAuth() is mounted, under a path that only a request tells'
            : `amazonAuth() is mounted under ${express.mountPath || '/'}`,
        )
    }
  },
}
