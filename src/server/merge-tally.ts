import { counted } from '../counted'
import type { IncomingUser } from '../store/incoming'
import type { MergedApp, WhyAppLeft } from '../store/sql/merge-app'
import type { MergedUser, UserOutcome, WhyLeft } from '../store/sql/merge-users'
import { describeKeys } from './describe-keys'

/** Of users that are left out, and of others to be told of by name. */
const SHOWN = 10

/** What has become, or would become, of an app and its users. */
export interface AppTally extends MergedApp {
  /** How many it has there. */
  readonly incoming: number
  readonly users: Record<UserOutcome, number>
  readonly left: Partial<Record<WhyLeft, { count: number; readonly examples: string[] }>>
  /** New users whose id could not be kept. */
  renumbered: number
  /** New users that came without an id. */
  withoutId: number
  /** Further accounts of Amazon of users. */
  moreIdentifiers: number
  /** Users whose tokens of before end, since their secret is not known. */
  withoutTokens: number
}

/** Counts what a merge tells. */
export class MergeTally {
  readonly apps: AppTally[] = []

  /** @param tellsOfTokens Whether tokens of before could be good here. */
  constructor(private readonly tellsOfTokens: boolean) {}

  begin(merged: MergedApp, incoming: number): void {
    const users = { added: 0, changed: 0, same: 0, kept: 0, left: 0 }
    const counts = { renumbered: 0, withoutId: 0, moreIdentifiers: 0, withoutTokens: 0 }
    this.apps.push({ ...merged, incoming, users, left: {}, ...counts })
  }

  add({ user, outcome, id, why, other, moreIdentifiers }: MergedUser): void {
    const app = this.apps.at(-1)
    if (app === undefined) return
    app.users[outcome] += 1
    if (why !== undefined) {
      const left = (app.left[why] ??= { count: 0, examples: [] })
      left.count += 1
      if (left.examples.length < SHOWN)
        left.examples.push(other === undefined ? user.id : `${user.id} (here ${other})`)
      return
    }
    app.moreIdentifiers += moreIdentifiers
    if (outcome === 'added' && id !== user.id) countNewId(app, user)
    if (this.tellsOfTokens && outcome === 'added' && user.tokenSecret === undefined) {
      app.withoutTokens += 1
    }
  }

  /** Whether anything is, or would be, written. */
  get changes(): boolean {
    return this.apps.some(
      ({ outcome, users }) =>
        outcome === 'added' || outcome === 'changed' || users.added + users.changed > 0,
    )
  }

  /** What to do next, after a plan. */
  advise(isDone: boolean): readonly string[] {
    if (isDone) return []
    return [
      this.changes ? 'Nothing was changed. Do it with --apply.' : 'There is nothing to change.',
    ]
  }

  /** @param isDone Whether it has been done; else it is what would be. */
  describe(isDone: boolean): string {
    return this.apps.map((app) => describeApp(app, isDone)).join('\n')
  }
}

/** Who came without an id is called by the identifier. */
function countNewId(app: AppTally, { id, identifier }: IncomingUser): void {
  if (id === identifier) app.withoutId += 1
  else app.renumbered += 1
}

const APPS: Readonly<Record<MergedApp['outcome'], readonly [planned: string, done: string]>> = {
  added: ['would be added', 'added'],
  changed: ['would be changed', 'changed'],
  same: ['is here already, and the same', 'was here already, and the same'],
  kept: ['is here already, and would stay as it is', 'was here already, and stays as it is'],
  left: ['is left out with its users', 'was left out with its users'],
}

const WHY_APP: Readonly<Record<WhyAppLeft, string>> = {
  unknown_app:
    'there is no such app here, and its own record is not in what was read (Para keeps it in the backup of its root app)',
  other_secret:
    'it has another secret key here. --secret incoming takes the one that comes: what was signed by the one here is worth nothing then; where para.root_secret_key is configured, put it there. --secret here keeps the one here: tokens of before are worth nothing then',
  id_odd: 'of a name only letters, digits, dash, underscore and dot can be kept',
  too_many_settings: 'its settings are more, or larger, than an app may have here',
}

const WHY_LEFT: Readonly<Record<WhyLeft, string>> = {
  other_provider:
    'without an account of Amazon: they cannot sign in here (--users all takes them along)',
  owned_by_other: 'whose identifier leads to another user there',
  identifier_taken:
    'whose account of Amazon has another user here already: delete that one (users delete), and run this again',
  id_taken: 'whose id another user has here',
  identifier_odd: 'whose identifier no store can hold',
}

function describeApp(app: AppTally, isDone: boolean): string {
  const { users, outcome, why, keys } = app
  const headline = `${app.app}: ${APPS[outcome][Number(isDone)] ?? ''}`
  if (why !== undefined) {
    const count = app.incoming === 0 ? '' : ` (${counted(app.incoming, 'user')})`
    return `${headline}${count}: ${WHY_APP[why]}`
  }
  const [added, changed] = isDone ? ['added', 'changed'] : ['to add', 'to change']
  return [
    headline,
    ...(keys !== undefined && isDone ? [describeKeys(`app ${app.app}`, keys)] : []),
    ...describeSettings(app),
    `  users: ${users.added} ${added}, ${users.changed} ${changed}, ${users.same} the same, ${users.kept} newer here, ${users.left} left out`,
    ...describeLeft(app),
    ...describeCounts(app),
  ].join('\n')
}

function describeSettings(app: AppTally): readonly string[] {
  const { secret, weakSecret, settings, outcome, refused } = app
  const lines: string[] = []
  if (weakSecret !== undefined) {
    const counts = outcome === 'added' ? 'a new one is made' : 'the one here stays'
    lines.push(`  secret key of before not taken: it ${weakSecret}; ${counts}`)
  }
  if (secret !== undefined) {
    lines.push(`  secret key: ${secret === 'here' ? 'the one here stays' : 'the one that comes'}`)
  }
  if (settings.length > 0) {
    const stay = outcome === 'kept' ? ' that differ, and stay' : ''
    lines.push(`  settings${stay}: ${settings.join(', ')}`)
  }
  return [...lines, ...refused.map(({ name, problem }) => `  setting ${name} left out: ${problem}`)]
}

function describeLeft({ left }: AppTally): readonly string[] {
  return Object.entries(left).map(([why, { count, examples }]) => {
    const more = count > examples.length ? ', …' : ''
    return `    ${count} ${WHY_LEFT[why as WhyLeft]}: ${examples.join(', ')}${more}`
  })
}

function describeCounts({
  renumbered,
  withoutId,
  moreIdentifiers,
  withoutTokens,
}: AppTally): readonly string[] {
  const told: readonly (readonly [number, string])[] = [
    [renumbered, 'whose id is not made of digits get a new one'],
    [withoutId, 'with no id of their own get one here'],
    [withoutTokens, 'come without the secret of their tokens, and have to sign in again'],
    [
      moreIdentifiers,
      'further accounts of Amazon lead to these users there, and to users of their own here',
    ],
  ]
  return told.filter(([count]) => count > 0).map(([count, what]) => `    ${count} ${what}`)
}
