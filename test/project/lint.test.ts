import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const ROOT = join(__dirname, '../..')

const many = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => line(index)).join('\n')
const branches = many(14, (index) => `  if (value === ${index}) return ${index}`)

/** A file that has to be refused, by which rule, and what it holds. */
const PLANTED: readonly (readonly [file: string, rule: string, code: string])[] = [
  [
    'src/users/floating.ts',
    'typescript/no-floating-promises',
    'export const f = () => { Promise.resolve(1) }',
  ],
  [
    'src/users/misused.ts',
    'typescript/no-misused-promises',
    'export const f = (all: number[]) => { all.forEach(async (one) => { await Promise.resolve(one) }) }',
  ],
  [
    'src/users/unsafe.ts',
    'typescript/no-unsafe-return',
    'export const f = (text: string): string => JSON.parse(text)',
  ],
  [
    'src/users/member.ts',
    'typescript/no-unsafe-member-access',
    'export const f = (text: string): boolean => JSON.parse(text).a === 1',
  ],
  [
    'src/users/condition.ts',
    'typescript/no-unnecessary-condition',
    'export const f = (one: { a: string }) => one?.a',
  ],
  [
    'src/users/assertion.ts',
    'typescript/no-unnecessary-type-assertion',
    'export const f = (one: string) => one as string',
  ],
  [
    'src/users/non-null.ts',
    'typescript/no-non-null-assertion',
    'export const f = (one?: string) => one!.length',
  ],
  ['src/users/explicit.ts', 'typescript/no-explicit-any', 'export type F = any[]'],
  [
    'src/users/nullish.ts',
    'typescript/prefer-nullish-coalescing',
    "export const f = (one?: string) => one || 'other'",
  ],
  [
    'src/users/template.ts',
    'typescript/restrict-template-expressions',
    'export const f = (one: object) => `${one}`',
  ],
  [
    'src/users/thrown.ts',
    'typescript/only-throw-error',
    "export const f = () => { throw 'no error' }",
  ],
  ['src/users/awaited.ts', 'typescript/require-await', 'export const f = async () => 1'],
  [
    'src/users/types.ts',
    'typescript/consistent-type-imports',
    "import { F } from './explicit'\nexport type G = F",
  ],
  [
    'src/users/required.ts',
    'typescript/no-require-imports',
    "export const f = () => require('node:fs') as unknown",
  ],
  ['src/users/unused.ts', 'eslint/no-unused-vars', 'const _unused = 1\nexport const f = 1'],
  ['src/users/console.ts', 'eslint/no-console', "export const f = () => { console.log('') }"],
  [
    'src/users/lines.ts',
    'eslint/max-lines',
    many(401, (index) => `export const f${index} = ${index}`),
  ],
  [
    'src/users/complex.ts',
    'eslint/complexity',
    `export function f(value: number): number {\n${branches}\n  return 15\n}`,
  ],
  [
    'src/users/parse.ts',
    'eslint/no-restricted-properties',
    "export const f = URL.canParse('https://a.test')",
  ],
  ['src/users/env.ts', 'eslint/no-restricted-properties', 'export const f = process.env.HOME'],
  ['src/users/argv.ts', 'eslint/no-restricted-properties', 'export const f = process.argv.length'],
  ['src/users/default.ts', 'eslint-js/no-restricted-syntax', 'export default 1'],
  ...[
    "to.redirect('/')",
    "to.location('/')",
    "to.setHeader('Location', '/')",
    "to.writeHead(302, { location: '/' })",
    "to.writeHead(302, { 'Location': '/' })",
  ].map(
    (call, index) =>
      [
        `src/users/location-${index}.ts`,
        'eslint-js/no-restricted-syntax',
        `export const f = (to: Record<'redirect' | 'location' | 'setHeader' | 'writeHead', (...all: unknown[]) => void>) => { ${call} }`,
      ] as const,
  ),
  ...[
    ['users/up.ts', "import '../http/answer'"],
    ['users/deep/up.ts', "import '../../store/open'"],
    ['http/admin/users/up.ts', "import '../../../store/open'"],
    ['http/admin/users/list/up.ts', "export * from '../../../../config'"],
    ['metrics/up.ts', "export type { F } from '../users/explicit'"],
    ['apps/up.ts', "export type F = import('../users/explicit').F"],
    ['apps/late.ts', "export const f = () => import('../users/user')"],
    ['apps/index.ts', "import '..'"],
    ['apps/whole.ts', "import '../index'"],
    ['http/sign-in/room.ts', "import '../login/finish-login'"],
    ['http/login/room.ts', "import '../device/poll'"],
    ['http/device/deep/room.ts', "import '../../sign-in-by-token/ask'"],
    ['http/limits/room.ts', "import '../sign-in/attempt'"],
    ['client/code.ts', "export { f } from '../users/unused'"],
    ['users/express.ts', "import 'express'"],
    ['store/cookies.ts', "import 'cookie-parser'"],
    ['users/sql.ts', "import 'kysely'"],
    ['http/postgres.ts', "import 'pg'"],
    ['sessions/redis.ts', "import 'redis'"],
    ['http/limits/flexible.ts', "import 'rate-limiter-flexible'"],
  ].map(
    ([file, code]) => [`src/${file}`, 'project/import-directions', `${code}\nexport {}`] as const,
  ),
  [
    'src/users/idle.ts',
    'Unused oxlint-disable directive (no problems were reported).',
    '// oxlint-disable-next-line no-var\nexport const f = 1',
  ],
  ['test/floating.ts', 'typescript/no-floating-promises', 'Promise.resolve(1)\nexport {}'],
  ['test/unused.ts', 'eslint/no-unused-vars', 'const unused = 1\nexport {}'],
  ['undefined.mjs', 'eslint/no-undef', 'absent()'],
  ['octal.cjs', 'eslint-js/no-octal', 'module.exports = 017'],
  ['arguments.cjs', 'eslint-js/no-dupe-args', 'module.exports = function (a, a) {}'],
]

const ALLOWED: readonly (readonly [file: string, code: string])[] = [
  ['src/client/types.ts', "export type { F } from '../users/explicit'"],
  ['src/http/login/shared.ts', "import '../sign-in/attempt'\nimport 'express'"],
  ['src/http/sign-in/own.ts', "import './attempt'\nimport '../limits/limit'"],
  [
    'src/http/answer.ts',
    "export const f = (to: { redirect(at: string): void }) => { to.redirect('/') }",
  ],
  ['src/store/sql.ts', "import 'kysely'\nimport 'redis'\nimport '../users/user'"],
  ['src/server/environment.ts', 'console.log(process.env.HOME, process.argv)\nexport {}'],
  ['test/any.ts', 'export const f = (text: string): string => JSON.parse(text).a.b()'],
]

interface Finding {
  readonly filename: string
  readonly code?: string
  readonly message: string
}

function lint(): readonly Finding[] {
  const folder = mkdtempSync(join(tmpdir(), 'lint-'))
  try {
    const shared = ['.oxlintrc.jsonc', 'tsconfig.json', 'test/tsconfig.json']
    for (const file of [...shared, 'test/support/import-directions.mjs']) {
      cpSync(join(ROOT, file), join(folder, file))
    }
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
    for (const [file, code] of [
      ...PLANTED.map(([file, , code]) => [file, code] as const),
      ...ALLOWED,
    ]) {
      mkdirSync(dirname(join(folder, file)), { recursive: true })
      writeFileSync(join(folder, file), `${code}\n`)
    }
    const oxlint = join(ROOT, 'node_modules/oxlint/bin/oxlint')
    const { stdout } = spawnSync(process.execPath, [oxlint, '--format', 'json'], {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    })
    return (JSON.parse(stdout) as { diagnostics: Finding[] }).diagnostics
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const found = lint()
const rulesOf = (file: string) =>
  found
    .filter(({ filename }) => filename === file)
    .map(({ code, message }) => code?.replace(/\((.+)\)$/, '/$1') ?? message)

test.each(PLANTED)('%s is refused by %s', (file, rule) => {
  expect(rulesOf(file)).toContain(rule)
})

test.each(ALLOWED)('%s is not refused', (file) => {
  expect(rulesOf(file)).toEqual([])
})
