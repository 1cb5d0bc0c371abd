import { sql } from 'kysely'

import { randomText } from '../../crypto/random'
import { isStorableText } from '../../is-storable-text'
import { gravatar } from '../../users/gravatar'
import { NO_NAME, placeholderEmail } from '../../users/placeholders'
import { TOKEN_SECRET_BYTES } from '../../users/upserted-user'
import type { NextUserId } from '../../users/user-id'
import type { IncomingUser } from '../incoming'
import { webAddress } from '../web-address'
import type { StagedUser } from './incoming-stage'
import { USERS_TABLE, refs, written } from './moved-tables'
import type { Schema } from './schema'
import { ConstraintError, type SqlExecutor } from './sql-executor'
import { STORED_COLUMNS } from './sql-user-store'

/** Which of two records of the same user or app stays: the one that was changed last, the one here, or the one that comes. */
export type Winner = 'newer' | 'here' | 'incoming'

/** What becomes of a user: `kept` is here already, and stays as it is though it differs. */
export type UserOutcome = 'added' | 'changed' | 'same' | 'kept' | 'left'

/** Why a user is left out. */
export type WhyLeft =
  'other_provider' | 'owned_by_other' | 'identifier_taken' | 'id_taken' | 'identifier_odd'

export interface MergedUser {
  readonly user: IncomingUser
  readonly outcome: UserOutcome
  /** The id that it has here; undefined: it is left out. */
  readonly id?: string
  readonly identifier: string
  readonly why?: WhyLeft
  /** Who has the identifier or id instead. */
  readonly other?: string
  /** Further accounts of Amazon that lead to it there, and will lead to a user of their own here. */
  readonly moreIdentifiers: number
}

export interface MergeUsers {
  readonly to: SqlExecutor
  readonly appId: string
  readonly winner: Winner
  /** Whether users without an account of Amazon come, too. */
  readonly takesOthers: boolean
  readonly nextUserId: NextUserId
  /** Nothing is written without. */
  readonly applies: boolean
}

/** Users of one transaction, and of one look into the store. */
export const MERGED_AT_ONCE = 200

type Row = Schema['users']
type Texts = Readonly<Record<`t${number}`, string>>

/** By a column that has an index. Of the texts those that are not needed are empty, which no user has. */
function findBy(column: 'id' | 'identifier') {
  const places = Array.from({ length: MERGED_AT_ONCE }, (_none, at) => `t${at}` as const)
  return written<Texts & { readonly app: string }, Row>((params) => {
    const pairs = places.map((place) => sql`(${params.app}, ${params[place]})`)
    return sql`select ${refs(STORED_COLUMNS)} from users
      where (app_id, ${sql.ref(column)}) in (values ${sql.join(pairs)})`
  })
}
const findByIds = findBy('id')
const findByIdentifiers = findBy('identifier')

function texts(values: readonly string[]): Texts {
  return Object.fromEntries(
    Array.from({ length: MERGED_AT_ONCE }, (_none, at) => [`t${at}`, values[at] ?? '']),
  )
}

interface Decision extends MergedUser {
  /** What is to be written. */
  readonly row?: Row
}

/**
 * Brings some users of an app in, each by itself: one that cannot come keeps no other out. What is here already and the
 * same is not written, so it may be done again at any time.
 *
 * @param staged At most {@link MERGED_AT_ONCE}.
 * @throws {AmazonAuthError} `store_unavailable`
 */
export async function mergeUsers(
  staged: readonly StagedUser[],
  options: MergeUsers,
): Promise<readonly MergedUser[]> {
  const decisions = await decideAll(staged, options)
  return options.applies ? write(staged, decisions, options) : decisions
}

async function decideAll(
  staged: readonly StagedUser[],
  options: MergeUsers,
): Promise<readonly Decision[]> {
  const { to, appId: app } = options
  const candidates = staged.map((each) => candidateOf(each, options))
  const ids = candidates.flatMap(({ id }) => (id === undefined ? [] : [id]))
  const [byId, byIdentifier] = [
    indexBy(await to.read(findByIds({ app, ...texts(ids) })), 'id'),
    indexBy(
      await to.read(
        findByIdentifiers({ app, ...texts(candidates.map((each) => each.identifier)) }),
      ),
      'identifier',
    ),
  ]
  return candidates.map((each) => decide(each, { byId, byIdentifier }, options))
}

interface Candidate {
  readonly staged: StagedUser
  readonly identifier: string
  /** Undefined: the id there is none that users here can have. */
  readonly id: string | undefined
  readonly why?: WhyLeft
  readonly other?: string
}

/** As export-format has them: digits, which every database orders alike. */
const KEEPABLE_ID = /^\d{1,20}$/
const MAX_IDENTIFIER_CHARACTERS = 260

function candidateOf(staged: StagedUser, { takesOthers }: MergeUsers): Candidate {
  const { user, amazonIdentifier, ownedBy } = staged
  const identifier = amazonIdentifier ?? user.identifier
  const id = KEEPABLE_ID.test(user.id) ? user.id : undefined
  const candidate = { staged, identifier, id }
  if (amazonIdentifier === undefined && !takesOthers) return { ...candidate, why: 'other_provider' }
  if (ownedBy !== undefined) return { ...candidate, why: 'owned_by_other', other: ownedBy }
  const isOdd = identifier.length > MAX_IDENTIFIER_CHARACTERS || !isStorableText(identifier)
  return isOdd ? { ...candidate, why: 'identifier_odd' } : candidate
}

interface Here {
  readonly byId: ReadonlyMap<string, Row>
  readonly byIdentifier: ReadonlyMap<string, Row>
}

function decide(candidate: Candidate, here: Here, options: MergeUsers): Decision {
  const { staged, identifier, why, other } = candidate
  const { user, moreIdentifiers } = staged
  const base = { user, identifier, moreIdentifiers }
  if (why !== undefined) return { ...base, outcome: 'left', why, ...(other && { other }) }
  const holder = here.byIdentifier.get(identifier)
  // Another import may have brought the user in between the two looks.
  const isOwn = candidate.id === undefined || candidate.id === holder?.id
  const known = isOwn ? holder : here.byId.get(candidate.id)
  if (holder !== undefined && holder.id !== known?.id) {
    return { ...base, outcome: 'left', why: 'identifier_taken', other: holder.id }
  }
  if (known === undefined) {
    const id = candidate.id ?? options.nextUserId(Date.now())
    return { ...base, outcome: 'added', id, row: newRow(user, id, identifier) }
  }
  return { ...base, ...decideKnown(known, candidate, options) }
}

function decideKnown(
  known: Row,
  { staged: { user }, identifier }: Candidate,
  { winner }: MergeUsers,
): Pick<Decision, 'outcome' | 'why' | 'other' | 'id' | 'row'> {
  // Made at another time: two people, whose ids are the same by chance or by hand.
  if (known.identifier !== identifier && known.created_at !== user.createdAtMs) {
    return { outcome: 'left', why: 'id_taken', other: known.id }
  }
  const row = changedRow(user, known, identifier)
  const isSame = STORED_COLUMNS.every(
    (column) => column === 'updated_at' || row[column] === known[column],
  )
  if (isSame) return { outcome: 'same', id: known.id }
  const isLater = (user.updatedAtMs ?? 0) > known.updated_at
  const stays = winner === 'here' || (winner === 'newer' && !isLater)
  return stays ? { outcome: 'kept', id: known.id } : { outcome: 'changed', id: known.id, row }
}

function newRow(user: IncomingUser, id: string, identifier: string): Row {
  const details = detailsOf(user)
  const createdAtMs = user.createdAtMs ?? Date.now()
  return {
    app_id: user.appId,
    id,
    identifier,
    email: placeholderEmail(id),
    name: NO_NAME,
    picture: gravatar(details.email),
    groups: 'users',
    profile: null,
    scopes: null,
    token_secret: randomText(TOKEN_SECRET_BYTES),
    session_epoch: 0,
    created_at: createdAtMs,
    updated_at: user.updatedAtMs ?? createdAtMs,
    ...details,
  }
}

/** What is not told stays as it is here. */
function changedRow(user: IncomingUser, known: Row, identifier: string): Row {
  const { createdAtMs: created_at, updatedAtMs: updated_at } = user
  return {
    ...known,
    identifier,
    ...detailsOf(user),
    ...(created_at !== undefined && { created_at }),
    ...(updated_at !== undefined && { updated_at }),
  }
}

type Details = Pick<Row, 'active'> &
  Partial<Pick<Row, 'email' | 'name' | 'picture' | 'groups' | 'token_secret'>>

const MAX = { text: 256, email: 254, picture: 2_048 }

function detailsOf(user: IncomingUser): Details {
  const texts = {
    email: told(user.email, MAX.email),
    name: told(user.name?.slice(0, MAX.text), MAX.text),
    picture: told(webAddress(user.picture), MAX.picture),
    groups: told(user.groups, MAX.text),
    token_secret: user.tokenSecret,
  }
  const given = Object.entries(texts).filter(([, text]) => text !== undefined)
  return { active: Number(user.active), ...(Object.fromEntries(given) as Partial<Details>) }
}

/** As a sign-in takes them: blank, or longer than any may be, is not told. */
function told(text: string | undefined, most: number): string | undefined {
  if (text === undefined || text.trim() === '' || text.length > most) return undefined
  return text.replace(/[\0\p{Surrogate}]/gu, '\ufffd')
}

async function write(
  staged: readonly StagedUser[],
  decisions: readonly Decision[],
  options: MergeUsers,
): Promise<readonly MergedUser[]> {
  if (await put(decisions, options)) return decisions
  const done: MergedUser[] = []
  for (const [at, decision] of decisions.entries()) {
    const isDone = await put([decision], options)
    done.push(isDone ? decision : await mergeAgain(staged.slice(at, at + 1), decision, options))
  }
  return done
}

/** Somebody has signed in, or come by another import, a moment ago, and is a user here by now. */
async function mergeAgain(
  staged: readonly StagedUser[],
  { user, identifier, moreIdentifiers }: Decision,
  options: MergeUsers,
): Promise<MergedUser> {
  const [decision] = await decideAll(staged, options)
  if (decision !== undefined && (await put([decision], options))) return decision
  return { user, identifier, moreIdentifiers, outcome: 'left', why: 'identifier_taken' }
}

/** Whether they could be written; else none is. */
async function put(decisions: readonly Decision[], { to }: MergeUsers): Promise<boolean> {
  const rows = decisions.flatMap(({ row }) => (row === undefined ? [] : [row]))
  try {
    if (rows.length > 0) await to.write(rows.map((row) => USERS_TABLE.put(row)))
    return true
  } catch (thrown) {
    if (!(thrown instanceof ConstraintError)) throw thrown
    if (decisions.length === 1 && thrown.constraint !== 'unique') throw thrown
    return false
  }
}

function indexBy(rows: readonly Row[], column: 'id' | 'identifier'): ReadonlyMap<string, Row> {
  return new Map(rows.map((row) => [row[column], row]))
}
