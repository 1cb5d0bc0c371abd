import { identityProviderOf } from './identity-provider'
import { NO_NAME } from './placeholders'
import type { RelinkStore } from './relink'
import type { User } from './user'

/** Two users with one email, and what speaks against their being one person. */
export interface FoundPair {
  readonly old: User
  readonly fresh: User
  /** In milliseconds since 1970; undefined: the audit trail has none. */
  readonly oldLastSignInMs: number | undefined
  /** Sentences for whoever decides; none: nothing speaks against it. */
  readonly doubts: readonly string[]
}

export interface RelinkSearch {
  readonly appId: string
  /** When all ids of Amazon changed: who was made before is old. In milliseconds since 1970. */
  readonly sinceMs: number
  /** Told how many users were looked at. */
  readonly onProgress: (users: number) => void
}

const PAGE = 500
/** Of each kind that are paired of one email. */
const MAX_OF_EMAIL = 5
/** What stands for an email where Amazon has sent none: our id of the user, or (of Para) that of Amazon. */
const PLACEHOLDER = /^(?:\d+|amzn1\.account\.\w+)@amazon\.com$/i

/**
 * Pairs users of before with users of after by their emails, some hundred in memory at a time.
 *
 * @throws {AmazonAuthError} `store_unavailable`
 */
export async function* findRelinkPairs(
  store: RelinkStore,
  search: RelinkSearch,
): AsyncGenerator<FoundPair> {
  let group = new EmailGroup('')
  for await (const user of usersByEmail(store, search)) {
    const email = foldEmail(user.email)
    if (email !== group.email) {
      yield* pairsOf(group, store, search)
      group = new EmailGroup(email)
    }
    group.add(user, search.sinceMs)
  }
  yield* pairsOf(group, store, search)
}

async function* usersByEmail(
  store: RelinkStore,
  { appId, onProgress }: RelinkSearch,
): AsyncGenerator<User> {
  let seen = 0
  for (let after: User | undefined; ;) {
    const page: readonly User[] = await store.pageByEmail(appId, after, PAGE)
    yield* page.filter(mayBePaired)
    after = page.at(-1)
    onProgress((seen += page.length))
    if (page.length < PAGE) return
  }
}

function mayBePaired({ identifier, email }: User): boolean {
  return (
    identityProviderOf(identifier) === 'amazon' &&
    email.trim() !== '' &&
    !PLACEHOLDER.test(email.trim())
  )
}

/** As the store orders them. */
function foldEmail(email: string): string {
  return email.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

class EmailGroup {
  readonly old: User[] = []
  readonly fresh: User[] = []
  size = 0

  constructor(readonly email: string) {}

  add(user: User, sinceMs: number): void {
    this.size += 1
    const side = user.createdAtMs < sinceMs ? this.old : this.fresh
    if (side.length < MAX_OF_EMAIL) side.push(user)
  }
}

async function* pairsOf(
  { old: olds, fresh: freshes, size }: EmailGroup,
  store: RelinkStore,
  { appId, sinceMs }: RelinkSearch,
): AsyncGenerator<FoundPair> {
  if (olds.length === 0 || freshes.length === 0) return
  for (const old of olds) {
    const oldLastSignInMs = await store.findLastSignIn(appId, old.id)
    for (const fresh of freshes) {
      const doubts = doubtsOf({ old, fresh, oldLastSignInMs, sinceMs, size })
      yield { old, fresh, oldLastSignInMs, doubts }
    }
  }
}

interface Compared extends Omit<FoundPair, 'doubts'> {
  readonly sinceMs: number
  readonly size: number
}

function doubtsOf({ old, fresh, oldLastSignInMs = 0, sinceMs, size }: Compared): readonly string[] {
  const doubts: readonly (readonly [boolean, string])[] = [
    [size > 2, `${size} users have this email`],
    ...nameDoubts(old.name, fresh.name).map((doubt) => [true, doubt] as const),
    [old.email !== fresh.email, 'the emails differ in case'],
    [oldLastSignInMs >= fresh.createdAtMs, 'the old one signed in after the new one was made'],
    [old.updatedAtMs >= sinceMs, 'the old one was changed after the switch'],
    [!old.active, 'the old one is locked'],
    [!fresh.active, 'the new one is locked, and is passed over until it is unlocked'],
  ]
  return doubts.filter(([isSo]) => isSo).map(([, doubt]) => doubt)
}

/** Without two names that are equal, nothing but an email says that they are one person. */
function nameDoubts(old: string, fresh: string): readonly string[] {
  const names = [old, fresh].map(foldName)
  const lacks = names.map((name) => name === '' || name === foldName(NO_NAME))
  if (lacks[0] === true && lacks[1] === true) return ['neither has a name']
  if (lacks[0] === true) return ['the old one has no name']
  if (lacks[1] === true) return ['the new one has no name']
  return names[0] === names[1] ? [] : ['names differ']
}

function foldName(name: string): string {
  return name.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase()
}
