/** What is changed, and the tests that may notice, by file or folder: the quick ones, since each change runs them anew. */
export const PIECES = {
  tokens: { mutate: ['src/tokens/*.ts'], tests: ['test/unit/tokens'] },
  'request-auth': {
    mutate: ['src/request-auth/*.ts'],
    tests: [
      'test/unit/request-auth/broken-requests.test.ts',
      'test/unit/request-auth/canonical-target.test.ts',
      'test/unit/request-auth/identify-caller.test.ts',
      'test/unit/request-auth/published-vectors.test.ts',
    ],
  },
  'choose-target': {
    mutate: ['src/http/sign-in/choose-target.ts'],
    tests: ['test/unit/http/choose-target.test.ts'],
  },
  login: {
    mutate: [
      'src/http/login/*.ts',
      '!src/http/login/logout.ts',
      'src/http/public-address.ts',
      'src/http/read-parameters.ts',
    ],
    tests: ['test/unit/http/login'],
  },
  logout: {
    mutate: ['src/http/login/logout.ts'],
    tests: ['test/unit/http/login/logout.test.ts'],
  },
  try: {
    mutate: ['src/http/login/try/*.ts'],
    tests: [
      'test/unit/http/login/try.test.ts',
      'test/unit/http/tries.test.ts',
      'test/integration/login/try.test.ts',
    ],
  },
  failure: {
    mutate: ['src/http/sign-in/failure.ts', 'src/http/sign-in/failure-note.ts'],
    tests: ['test/unit/http/failure.test.ts'],
  },
}
