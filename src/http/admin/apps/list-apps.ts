import { appsPage } from '../../../pages/admin/apps/apps-page'
import { showAdminPage } from '../admin-answers'
import type { AdminVisit } from '../admin-route'

const PAGE = 50
const MAX_SEARCH_CHARACTERS = 200

/** `GET /apps?search=&after=`: apps by id, a page at a time. */
export async function listApps(visit: AdminVisit): Promise<void> {
  const { services, query, base, texts } = visit
  const search = (query.get('search') ?? '').trim().slice(0, MAX_SEARCH_CHARACTERS)
  const prefix = search === '' ? undefined : search.replace(/^app:/, '')
  const afterId = (query.get('after') ?? '').slice(0, MAX_SEARCH_CHARACTERS)
  const [found, total] = await Promise.all([
    // One more than is shown, to know whether another page follows.
    services.admin.list({ afterId, limit: PAGE + 1, search: prefix }),
    services.admin.count(prefix),
  ])
  const apps = found.slice(0, PAGE).map((app) => ({
    ...app,
    isRoot: app.appIdentifier === services.apps.rootId,
  }))
  const last = found.length > PAGE ? apps.at(-1)?.appIdentifier : undefined
  const first = afterId === '' ? undefined : queryOf({ search })
  const next = last === undefined ? undefined : queryOf({ search, after: last })
  showAdminPage(visit, appsPage({ base, apps, total, search, first, next }, texts))
}

function queryOf({ search, ...rest }: { readonly search: string; readonly after?: string }) {
  return new URLSearchParams({ ...(search !== '' && { search }), ...rest }).toString()
}
