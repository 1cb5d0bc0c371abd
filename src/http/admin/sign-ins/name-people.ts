import type { AuditRecord } from '../../../audit/audit-history'
import { toldOutcome, type ToldOutcome } from '../../../audit/told-outcome'
import type { AuthServices } from '../../auth-services'

/** An event, and the name of whom it is of; undefined: it is of nobody, or of one who has no name or is not there any more. */
export type NamedEvent = Omit<AuditRecord, 'outcome'> & {
  readonly outcome: ToldOutcome
  readonly personName: string | undefined
}

/**
 * Gives events the names that their users have now: the audit trail holds none. One look by key for each user; a page has few.
 *
 * @throws {AmazonAuthError} `store_unavailable`
 */
export async function namePeople(
  events: readonly AuditRecord[],
  { users }: Pick<AuthServices, 'users'>,
): Promise<readonly NamedEvent[]> {
  const keys = new Map(
    events.flatMap(({ app, userId }) =>
      userId === undefined ? [] : [[keyOf(app, userId), { app, userId }] as const],
    ),
  )
  const names = new Map(
    await Promise.all(
      Array.from(keys, async ([key, { app, userId }]) => {
        const user = await users.findById(app, userId)
        return [key, user?.name.trim()] as const
      }),
    ),
  )
  return events.map((event) => {
    const name = names.get(keyOf(event.app, event.userId ?? ''))
    return { ...unnamed(event), personName: name === '' ? undefined : name }
  })
}

/** An event whose people are not looked up. */
export function unnamed(event: AuditRecord): NamedEvent {
  return { ...event, outcome: toldOutcome(event), personName: undefined }
}

function keyOf(app: string, userId: string): string {
  return `${app}\n${userId}`
}
