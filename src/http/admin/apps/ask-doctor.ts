import type { DoctorLine } from '../../../pages/admin/apps/doctor-page'
import { doctorPage } from '../../../pages/admin/apps/doctor-page'
import { seeExpressOf, seeRequest } from '../../see-request'
import { showAdminPage } from '../admin-answers'
import type { AppVisit } from '../admin-route'
import { ofApp } from './of-app'

/** Somebody waits for the page. */
const LIMIT_MS = 5_000

/** `GET /apps/:app/doctor` */
export async function showDoctor(visit: AppVisit): Promise<void> {
  const lines = await askDoctor(visit)
  showAdminPage(visit, doctorPage({ ...ofApp(visit), lines }, visit.texts))
}

/**
 * What doctor finds of an app. Its own operator is told what the API tells an app, and nothing of the inside.
 *
 * @param except Ids of checks that are left out.
 */
export async function askDoctor(
  { req, services, app, operator }: AppVisit,
  except: readonly string[] = [],
) {
  const isOfOne = operator.appId !== undefined
  const { results } = await services.doctor.run({
    asker: isOfOne ? 'app' : 'host',
    app: app.appIdentifier,
    except,
    // Whoever sees all apps is trusted as the command line is: what was mended just now is looked at anew.
    isRemote: isOfOne,
    limitMs: LIMIT_MS,
    request: seeRequest(req),
    express: seeExpressOf(req),
  })
  return results.map(({ app: _app, ...line }): DoctorLine => line)
}
