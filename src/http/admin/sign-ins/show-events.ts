import type { HistoryFilter, HistoryPage } from '../../../audit/audit-history'
import { MAX_USERS } from '../../../audit/audit-history'
import type { AppJson } from '../../../apps/app-json'
import { changesPage } from '../../../pages/admin/changes-page'
import { signInsPage, type ListLinks } from '../../../pages/admin/sign-ins-page'
import { fill } from '../../../pages/texts/fill'
import type { Html } from '../../../pages/html'
import { showAdminPage } from '../admin-answers'
import type { AdminVisit } from '../admin-route'
import { nameActors } from '../name-actors'
import { namePeople } from './name-people'
import { readFilter, writePosition, type AskedEvents } from './read-filter'
import { appPath } from '../../../pages/admin/app-path'

const PAGE = 50

/** A page of sign-ins, of all apps or of one. */
export async function showSignIns(visit: AdminVisit, app?: AppJson): Promise<void> {
  const { asked, page, path } = await readPage(visit, 'sign_ins', app)
  const shown = {
    base: visit.base,
    app,
    values: asked.values,
    links: linksOf(path, asked, page),
    events: await namePeople(page.events, visit.services),
    remarks: remarksOn(asked, visit),
    isLive: asked.before === undefined && asked.filter.untilMs === undefined,
  }
  showAdminPage(visit, signInsPage(shown, visit.texts))
}

/** A page of what operators have changed, of all apps or of one. */
export async function showChanges(visit: AdminVisit, app?: AppJson): Promise<void> {
  const { asked, page, path } = await readPage(visit, 'changes', app)
  const links = linksOf(path, asked, page)
  const { notKept } = visit.texts.signIns
  const remarks = visit.services.isAuditKept ? [] : [notKept]
  const nameOf = await nameActors(
    page.events.map(({ actor }) => actor),
    visit,
  )
  const events = page.events.map((event) => ({ ...event, by: nameOf(event.actor) }))
  const shown = { base: visit.base, app, links, events, remarks }
  showAdminPage(visit, changesPage(shown, visit.texts))
}

async function readPage(
  visit: AdminVisit,
  about: HistoryFilter['about'],
  app: AppJson | undefined,
): Promise<{ asked: AskedEvents; page: HistoryPage; path: string }> {
  const asked = await readFilter(visit, about, app?.appIdentifier)
  const { filter, before } = asked
  const page = await visit.services.auditHistory.page(filter, { limit: PAGE, before })
  const list = about === 'changes' ? 'changes' : 'sign-ins'
  const path = app === undefined ? `/${list}` : appPath(app.appIdentifier, `/${list}`)
  return { asked, page, path: visit.base + path }
}

function linksOf(path: string, { query, before }: AskedEvents, page: HistoryPage): ListLinks {
  const { next, isCutOff } = page
  const older = new URLSearchParams(query)
  if (next !== undefined) older.set('before', writePosition(next))
  return {
    path,
    query,
    older: next === undefined ? undefined : older.toString(),
    isFirst: before === undefined,
    cutOffMs: isCutOff ? next?.atMs : undefined,
  }
}

function remarksOn(
  { peopleFound }: AskedEvents,
  { services, texts }: AdminVisit,
): (string | Html)[] {
  const { notKept, nobody, tooManyPeople } = texts.signIns
  return [
    ...(services.isAuditKept ? [] : [notKept]),
    ...(peopleFound === 0 ? [nobody] : []),
    ...(peopleFound !== undefined && peopleFound > MAX_USERS
      ? [fill(tooManyPeople, { number: MAX_USERS })]
      : []),
  ]
}
