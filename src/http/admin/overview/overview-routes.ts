import { findClientCredentials } from '../../../apps/client-credentials'
import {
  hasHappened,
  overviewPage,
  PERIODS,
  type Overview,
  type OverviewFigures,
} from '../../../pages/admin/overview/overview-page'
import type { BusyApp } from '../../../pages/admin/overview/busy-apps'
import { latest, type StatsPeriod } from '../../../stats/latest'
import { showAdminPage } from '../admin-answers'
import type { AdminRoute, AdminVisit, AppVisit } from '../admin-route'

/** How many sign in, and how many do not. */
export const OVERVIEW_ROUTES: readonly AdminRoute[] = [
  { method: 'GET', path: '/', access: 'all', handle: showAll },
  { method: 'GET', path: '/apps/:app', access: 'app', handle: showApp },
]

const MOST_BUSY = 10

async function showAll(visit: AdminVisit): Promise<void> {
  const [figures, busy] = await Promise.all([figuresOf(visit, undefined), busiestApps(visit)])
  show(visit, { ...figures, app: undefined, busy })
}

async function showApp(visit: AppVisit): Promise<void> {
  const { appIdentifier, name, active } = visit.app
  const [figures, app] = await Promise.all([
    figuresOf(visit, appIdentifier),
    visit.services.apps.find(appIdentifier),
  ])
  const hasKeys = app !== undefined && findClientCredentials(app) !== undefined
  show(visit, { ...figures, app: { appIdentifier, name, active, hasKeys }, busy: undefined })
}

function show(visit: AdminVisit, shown: Overview): void {
  showAdminPage(visit, overviewPage(shown, visit.texts))
}

async function figuresOf(
  { services, query, base }: AdminVisit,
  app: string | undefined,
): Promise<Omit<Overview, 'app' | 'busy'>> {
  const period = PERIODS.find((name) => name === query.get('period')) ?? 'day'
  const isLacking = services.lacks('stats')
  const figures = services.stats.isKept ? await readFigures(services, app, period) : undefined
  return { base, period, figures, isLacking, hasSignIns: !services.lacks('auditHistory') }
}

async function readFigures(
  services: AdminVisit['services'],
  app: string | undefined,
  period: StatsPeriod,
): Promise<OverviewFigures> {
  const report = await services.stats.report({ app, ...latest(period, services.now()) })
  const hasAny = hasHappened(report) || (await hasAnyWithinMonth(services, app, period))
  return { report, hasAny }
}

async function hasAnyWithinMonth(
  { stats, now }: AdminVisit['services'],
  app: string | undefined,
  seen: StatsPeriod,
): Promise<boolean> {
  return seen !== 'month' && hasHappened(await stats.report({ app, ...latest('month', now()) }))
}

async function busiestApps(visit: AdminVisit): Promise<Overview['busy']> {
  if (!visit.services.stats.isKept) return undefined
  const [succeeded, failed] = await Promise.all([
    busiest('succeeded', visit),
    busiest('failed', visit),
  ])
  return { succeeded, failed }
}

async function busiest(
  by: 'succeeded' | 'failed',
  { services: { stats, admin, now } }: AdminVisit,
): Promise<readonly BusyApp[]> {
  const apps = await stats.busiest(by, now(), MOST_BUSY)
  return Promise.all(
    apps.map(async ({ app, figures }) => {
      const found = app === null ? undefined : await admin.find(app)
      return { app, figures, name: found?.name }
    }),
  )
}
