import type { UserJson } from './users/user-json'

/**
 * Types alone: `import 'express-amazon-auth/express-user'` gives `req.user` the type of our users. For hosts in which no
 * other package, and no code of their own, says what `Express.User` is.
 */
declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- how @types/express is extended
  namespace Express {
    // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- merged with what @types/passport declares
    interface User extends UserJson {}
    interface Request {
      user?: User | undefined
    }
  }
}
