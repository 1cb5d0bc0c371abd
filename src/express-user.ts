import type { UserJson } from './users/user-json'

/**
 * Types alone: `import 'express-amazon-auth/express-user'` gives `req.user` the type of our users. For hosts in which no
 * other package, and no code of their own, says what `Express.User` is.
 */
declare global {
  // oxlint-disable-next-line typescript/no-namespace -- how @types/express is extended
  namespace Express {
    // oxlint-disable-next-line typescript/no-empty-object-type -- merged with what @types/passport declares
    interface User extends UserJson {}
    interface Request {
      user?: User | undefined
    }
  }
}
