import { tokenField } from '../../../pages/admin/admin-layout'
import { usersPage } from '../../../pages/admin/users/users-page'
import { AmazonAuthError } from '../../../errors'
import { goTo, showAdminPage } from '../admin-answers'
import type { AppVisit } from '../admin-route'
import { FOUND_AT_MOST, PAGE_USERS, findUsers, readListQuery, type ListWanted } from './user-list'
import { toShownUser } from './to-shown-user'
import { usersPath } from './users-path'

/** Shows users of an app; a whole id leads to that user. */
export async function showUsers(visit: AppVisit): Promise<void> {
  const { app, base, query, services, session, texts } = visit
  const wanted = readListQuery(query)
  const { appIdentifier: appId } = app
  if (await isUser(appId, wanted.search, visit)) {
    goTo(visit, `${usersPath(app)}/${wanted.search}`)
    return
  }
  const list = await findUsers(appId, wanted, services.userAdmin)
  const ids = list.users.map(({ id }) => id)
  const path = base + usersPath(app)
  const { search, sort, descending, page: number } = wanted
  const links = linksOf(path, wanted, list)
  const page = {
    ...{ app, path, search, sort, descending, ...list, ...links },
    users: list.users.map(toShownUser),
    lastSignIns: services.lacks('auditHistory')
      ? undefined
      : await services.userAdmin.lastSignIns(appId, ids),
    hasBulk: !services.lacks('bulk'),
    mayBeMore: search !== '' && list.total >= FOUND_AT_MOST,
    page: { number, of: Math.max(1, Math.ceil(list.total / PAGE_USERS)) },
    tokenField: tokenField(session.formToken),
  }
  showAdminPage(visit, usersPage(page, texts))
}

const ID = /^\d{1,25}$/

async function isUser(appId: string, text: string, { services }: AppVisit): Promise<boolean> {
  if (!ID.test(text)) return false
  try {
    await services.userAdmin.get(appId, text)
    return true
  } catch (error) {
    if (error instanceof AmazonAuthError && error.code === 'not_found') return false
    throw error
  }
}

type Found = Awaited<ReturnType<typeof findUsers>>

function linksOf(path: string, wanted: ListWanted, { users, hasNext, hasPrevious }: Found) {
  const { search, sort, descending, page } = wanted
  const isFirst = wanted.after === undefined && wanted.before === undefined && page === 1
  const to = (place: Readonly<Record<string, string>>): string => {
    const query = { ...(search !== '' && { q: search }), sort, desc: descending ? '1' : '0' }
    return `${path}?${new URLSearchParams({ ...query, ...place }).toString()}`
  }
  const [head, last] = [users[0]?.id ?? '', users.at(-1)?.id ?? '']
  const [back, on] =
    search === ''
      ? [{ before: head }, { after: last }]
      : [{ page: String(page - 1) }, { page: String(page + 1) }]
  return {
    first: isFirst ? undefined : to({}),
    previous: hasPrevious ? to(back) : undefined,
    next: hasNext ? to(on) : undefined,
  }
}
