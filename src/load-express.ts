import type Express from 'express'

import { once } from './lazily'
import { loadPackage, type Needed } from './load-package'

const EXPRESS: Needed = {
  packages: { express: ['4.21', '5.0'] },
  purpose: 'express-amazon-auth',
}

/**
 * The Express of the host. It is a peer: a host keeps the one it has, and chooses its release.
 *
 * @throws {PackageError} It is missing, or too old.
 */
export const loadExpress = once(() =>
  loadPackage(
    EXPRESS,
    // oxlint-disable-next-line typescript/no-require-imports -- what is missing is told when the middleware is made
    () => require('express') as typeof Express,
  ),
)
