/** What is changed, and the tests that may notice: the quick ones, since each change runs them anew. */
export const PIECES = {
  tokens: { mutate: ['src/tokens/*.ts'], testMatch: ['**/unit/tokens/*.test.ts'] },
  'request-auth': {
    mutate: ['src/request-auth/*.ts'],
    testMatch: ['**/unit/request-auth/!(all-paths|any-text|honest-signers|tampering).test.ts'],
  },
  'choose-target': {
    mutate: ['src/http/sign-in/choose-target.ts'],
    testMatch: ['**/unit/http/choose-target.test.ts'],
  },
}
