/** Who takes part, and how. */
export interface Contender {
  readonly name: string
  /** As the table shows it. */
  readonly title: string
  /** A program in `contenders/`. */
  readonly program: string
  /** Where a login begins. */
  readonly begin: string
  /** What it does beyond the two calls and an answer. */
  readonly does: string
  readonly settings?: Readonly<Record<string, unknown>>
  readonly store?: 'sqlite' | 'postgres'
  /** How its guarded route is told who asks. */
  readonly guard?: 'token' | 'cookie'
  /** Nobody has signed in before. */
  readonly meetsNewPeople?: true
  /** Comes with the packages of `package.json` beside this file. */
  readonly isPeer?: true
}

const OURS = { program: 'ours.mjs', begin: '/amazon_auth?state=shop' } as const
const WITH_TOKEN = { signinSuccess: 'https://shop.example/in?jwt=id' }
const WITH_SESSION = { signinSuccess: 'https://shop.example/in' }

export const CONTENDERS: readonly Contender[] = [
  {
    name: 'floor',
    title: 'bare floor',
    program: 'floor.mjs',
    begin: '/begin',
    does: 'nothing else: `node:http`, `node:https`, an HS256 token',
  },
  {
    name: 'sqlite',
    title: '**this**, SQLite, ID token',
    ...OURS,
    does: 'many apps, sealed state, PKCE, user stored',
    settings: WITH_TOKEN,
    store: 'sqlite',
    guard: 'token',
  },
  {
    name: 'new',
    title: '**this**, SQLite, ID token, first login',
    ...OURS,
    does: 'the same for a new person each, whose user is made',
    settings: WITH_TOKEN,
    store: 'sqlite',
    meetsNewPeople: true,
  },
  {
    name: 'serve',
    title: '**this**, `serve` as it ships, SQLite, ID token',
    program: 'shipped.mjs',
    begin: '/amazon_auth',
    does: 'the same as the first, a line of log and security headers',
    settings: WITH_TOKEN,
    store: 'sqlite',
  },
  {
    name: 'listen',
    title: '**this**, SQLite, ID token, by `app.listen()`',
    ...OURS,
    does: 'the same, without `serverOptions(app)`',
    settings: { ...WITH_TOKEN, usesListen: true },
    store: 'sqlite',
  },
  {
    name: 'session',
    title: '**this**, SQLite, session cookie',
    ...OURS,
    does: 'the same as the first, and a session stored',
    settings: WITH_SESSION,
    store: 'sqlite',
    guard: 'cookie',
  },
  {
    name: 'postgres',
    title: '**this**, PostgreSQL, ID token',
    ...OURS,
    does: 'many apps, sealed state, PKCE, user stored',
    settings: WITH_TOKEN,
    store: 'postgres',
  },
  {
    name: 'passport',
    title: 'passport-amazon',
    program: 'passport-amazon.mjs',
    begin: '/begin',
    does: 'no state, no user',
    settings: { withSession: false },
    isPeer: true,
  },
  {
    name: 'passport-session',
    title: 'passport-amazon, express-session',
    program: 'passport-amazon.mjs',
    begin: '/begin',
    does: 'state and session in memory',
    settings: { withSession: true },
    isPeer: true,
  },
  {
    name: 'grant',
    title: 'grant',
    program: 'grant.mjs',
    begin: '/connect/amazon',
    does: 'state, PKCE and session in memory',
    isPeer: true,
  },
  {
    name: 'openid-client',
    title: 'openid-client by hand',
    program: 'openid-client.mjs',
    begin: '/begin',
    does: 'state and PKCE in a cookie, no user',
    isPeer: true,
  },
  {
    name: 'better-auth',
    title: 'better-auth, generic OAuth',
    program: 'better-auth.mjs',
    begin: '/begin',
    does: 'user, account and session stored (SQLite)',
    store: 'sqlite',
    isPeer: true,
  },
]

/** Whether it runs this package. */
export function isOurs({ program }: Contender): boolean {
  return ['ours.mjs', 'shipped.mjs'].includes(program)
}
