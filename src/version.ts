/* oxlint-disable typescript/no-require-imports -- a bundler takes in what is required, and nothing that is read */

/** Version of this package. */
export const { version: VERSION } = require('../package.json') as { readonly version: string }
