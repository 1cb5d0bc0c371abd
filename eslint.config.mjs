import js from '@eslint/js'
import tseslint from 'typescript-eslint'

// Imports go one way. Each folder of src may import itself and what is listed for it; the reason is in the message.
const LEAVES = ['errors', 'crypto', 'logger', 'claims']
const DIRECTIONS = {
  claims: [],
  crypto: ['errors'],
  telemetry: ['errors', 'logger', 'version'],
  amazon: [...LEAVES, 'telemetry'],
  apps: [...LEAVES, 'amazon'],
  users: [...LEAVES, 'amazon', 'apps'],
  bulk: [...LEAVES, 'users', 'audit'],
  'kept-tokens': [...LEAVES, 'amazon', 'apps'],
  sessions: [...LEAVES, 'apps', 'users'],
  tokens: [...LEAVES, 'apps', 'users'],
  devices: [...LEAVES, 'amazon', 'apps'],
  webhooks: [...LEAVES, 'apps', 'users'],
  stats: [],
  audit: [...LEAVES, 'stats'],
  events: [...LEAVES, 'users', 'audit'],
  metrics: [],
  pages: ['errors', 'stats'],
  'request-auth': [...LEAVES, 'apps', 'users', 'tokens'],
  doctor: [...LEAVES, 'amazon', 'apps'],
  http: [
    ...LEAVES,
    'amazon',
    'apps',
    'doctor',
    'users',
    'bulk',
    'kept-tokens',
    'sessions',
    'tokens',
    'devices',
    'webhooks',
    'request-auth',
    'audit',
    'events',
    'stats',
    'metrics',
    'telemetry',
    'pages',
    'version',
  ],
  store: [
    ...LEAVES,
    'telemetry',
    'doctor',
    'apps',
    'users',
    'bulk',
    'kept-tokens',
    'sessions',
    'tokens',
    'devices',
    'webhooks',
    'audit',
    'stats',
  ],
  'store-contract': [
    'store',
    'apps',
    'users',
    'audit',
    'stats',
    'devices',
    'kept-tokens',
    'webhooks',
  ],
  config: [...LEAVES, 'amazon', 'apps'],
  emulator: ['errors', 'pages'],
  client: ['errors', 'claims', 'apps', 'users', 'doctor', 'stats', 'webhooks'],
}
const FOLDERS = [...Object.keys(DIRECTIONS), 'server', 'compose', 'index']

const importDirections = Object.entries(DIRECTIONS).map(([folder, allowed]) => ({
  files: [`src/${folder}/**/*.ts`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            group: FOLDERS.filter((other) => other !== folder && !allowed.includes(other)).flatMap(
              (other) => [`../${other}`, `../${other}/**`, `../../${other}`, `../../${other}/**`],
            ),
            message: `src/${folder} may import only ${allowed.join(', ') || 'itself'}: imports go one way (docs/architecture.md).`,
          },
          ...(folder === 'http' || folder === 'emulator'
            ? []
            : [
                {
                  group: ['express', 'cookie-parser'],
                  message: 'Express stays in src/http, src/emulator and src/server.',
                },
              ]),
          ...(folder === 'store'
            ? []
            : [
                {
                  group: ['kysely', 'libsql', 'pg'],
                  message: 'SQL stays in src/store; domain folders own interfaces.',
                },
                {
                  group: ['redis', 'connect-redis', 'rate-limiter-flexible'],
                  message: 'Redis stays in src/store; what may be shared is an interface.',
                },
              ]),
        ],
      },
    ],
  },
}))

// Within src/http: what both ways to sign in share knows neither of them, and neither knows the other.
const SIGN_IN_ROOMS = ['login', 'sign-in', 'sign-in-by-token', 'device']
const signInDirections = [
  ...['login', 'sign-in-by-token', 'device'].map((room) => [room, ['sign-in']]),
  ...['sign-in', 'limits', 'session'].map((room) => [room, []]),
].map(([room, allowed]) => ({
  files: [`src/http/${room}/**/*.ts`],
  rules: {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            group: SIGN_IN_ROOMS.filter((other) => other !== room && !allowed.includes(other)).map(
              (other) => `../${other}/*`,
            ),
            message: `src/http/${room} may import ${allowed.join() || 'none'} of the rooms for signing in.`,
          },
        ],
      },
    ],
  },
}))

const NO_DEFAULT_EXPORT = {
  selector: 'ExportDefaultDeclaration',
  message: 'No default exports: one name everywhere.',
}
// Each way in which Express or Node.js can be told where to send a browser.
const LOCATION_WRITERS = [
  'CallExpression[callee.property.name=/^(redirect|location)$/]',
  'CallExpression > Literal[value=/^location$/i]',
  'CallExpression > ObjectExpression > Property[key.name=/^location$/i]',
  'CallExpression > ObjectExpression > Property[key.value=/^location$/i]',
].map((selector) => ({
  selector,
  message: 'Only src/http/answer.ts writes Location: use its redirect().',
}))

export default tseslint.config(
  {
    ignores: [
      '**/dist/',
      'coverage/',
      'artifacts/',
      '**/node_modules/',
      'docs/.vitepress/cache/',
      'docs/.vitepress/.temp/',
    ],
  },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: {
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
      complexity: ['error', 14],
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        {
          object: 'URL',
          property: 'canParse',
          message:
            'It is wrong at times on Node.js 20 and 22: ask toUrl() or isUrl() of src/to-url.ts.',
        },
        {
          object: 'process',
          property: 'env',
          message: 'Only src/config and src/server read the environment.',
        },
        {
          object: 'process',
          property: 'argv',
          message: 'Only src/server reads arguments.',
        },
      ],
      'no-restricted-syntax': ['error', NO_DEFAULT_EXPORT, ...LOCATION_WRITERS],
    },
  },
  {
    // The writer itself, and the two programs that play other servers: Amazon, and the shops of the demo.
    files: ['src/http/answer.ts', 'src/emulator/**/*.ts', 'src/server/demo/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', NO_DEFAULT_EXPORT] },
  },
  ...importDirections,
  ...signInDirections,
  {
    files: ['src/client/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['../*'],
              allowTypeImports: true,
              message: 'The client takes types from the server, and no code.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['src/server/**/*.ts', 'src/config/**/*.ts'],
    rules: { 'no-restricted-properties': 'off', 'no-console': 'off' },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      'max-lines': 'off',
      complexity: 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/restrict-plus-operands': 'off',
      'no-console': 'off',
    },
  },
  {
    files: ['**/*.mjs', '**/*.cjs', '**/*.js'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        require: 'readonly',
        module: 'writable',
        __dirname: 'readonly',
        Buffer: 'readonly',
        URL: 'readonly',
        URLSearchParams: 'readonly',
        AbortSignal: 'readonly',
        fetch: 'readonly',
        Headers: 'readonly',
        Request: 'readonly',
        Response: 'readonly',
      },
    },
  },
  {
    // Programs of people who begin; they are compiled, with types, by their own tests.
    files: ['templates/**/*.ts'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { parserOptions: { projectService: false, project: false } },
    rules: { 'no-console': 'off' },
  },
  {
    // They run in pages.
    files: [
      'examples/javascript-sdk/*.mjs',
      'examples/single-page-app/page/*.mjs',
      'templates/token/public/*.js',
      'test/support/login1-stand-in.js',
    ],
    languageOptions: {
      globals: {
        window: 'readonly',
        document: 'readonly',
        history: 'readonly',
        location: 'readonly',
        crypto: 'readonly',
        btoa: 'readonly',
        TextEncoder: 'readonly',
        PLACES: 'readonly',
      },
    },
  },
)
