import { findClientCredentials } from '../../../apps/client-credentials'
import type { App } from '../../../apps/app'
import { findProblem } from '../../../apps/change-settings'
import type { DescribedSetting } from '../../../apps/describe-settings'
import { AmazonAuthError } from '../../../errors'
import { setUpPage, type SetUp } from '../../../pages/admin/apps/set-up-page'
import type { Html } from '../../../pages/html'
import { inEnglish } from '../../../pages/in-english'
import { redirect } from '../../answer'
import { publicRedirectUri, publicUrl } from '../../public-address'
import { requestOrigin } from '../../request-origin'
import { tryAddress } from '../../login/try/try-link'
import { wasTried } from '../../login/try/tried'
import { goTo, showAdminPage } from '../admin-answers'
import type { AppVisit } from '../admin-route'
import { recordChange } from '../record-change'
import { askDoctor } from './ask-doctor'
import { appPath } from '../../../pages/admin/app-path'
import { ofApp } from './of-app'

/** `GET /apps/:app/setup`: the guide through the set-up of an app. */
export async function showSetUp(visit: AppVisit): Promise<void> {
  await show(visit, {}, 200)
}

/** `POST /apps/:app/setup`: takes the two keys of Amazon. */
export async function saveKeys(visit: AppVisit): Promise<void> {
  const { services, form, app, texts } = visit
  const clientId = (form.get('az_app_id') ?? '').trim()
  const clientSecret = (form.get('az_secret') ?? '').trim()
  const wanted = [
    { name: 'az_app_id', value: clientId, seen: form.get('seen_id') ?? '' },
    ...(clientSecret === ''
      ? []
      : [{ name: 'az_secret', value: clientSecret, seen: form.get('seen_secret') ?? '' }]),
  ]
  const problems = await findKeyProblems(visit, { clientId, clientSecret })
  if (Object.keys(problems).length > 0) {
    await show(visit, { problems, typedClientId: clientId }, 400)
    return
  }
  const { done, changedMeanwhile } = await services.admin.changeSettings(app.appIdentifier, wanted)
  if (changedMeanwhile.length > 0) {
    await show(
      visit,
      { problems: { az_app_id: texts.settings.conflict }, typedClientId: clientId },
      409,
    )
    return
  }
  const detail = done.join(', ')
  await recordChange(visit, { app: app.appIdentifier, action: 'setting_put', detail })
  goTo(visit, appPath(visit.app.appIdentifier, '/setup'), texts.apps.keysSaved)
}

/** It opens pages that an app leads to, as a sign-in would: only for whoever asks for doctor's own page. */
const OPENING = ['target_pages']

/** `GET /apps/:app/try`: leads to a sign-in that is only tried, by a fresh link. */
export async function tryIt(visit: AppVisit): Promise<void> {
  const { req, res, services } = visit
  const app = await getApp(visit)
  const { base, mountPath } = addressOf(visit, app)
  redirect(req, res, tryAddress(app, { base, mountPath, isOfGuide: true }, services).url)
}

async function findKeyProblems(
  visit: AppVisit,
  typed: { readonly clientId: string; readonly clientSecret: string },
): Promise<NonNullable<SetUp['problems']>> {
  const { apps } = visit.texts
  const described = await describeKeys(visit)
  const needsBoth = typed.clientSecret === '' && described.az_secret?.stored === undefined
  const ofId = typed.clientId === '' ? apps.keysBoth : toldFlaw('az_app_id', typed.clientId)
  const ofSecret = needsBoth ? apps.keysBoth : toldFlaw('az_secret', typed.clientSecret)
  return {
    ...(ofId !== undefined && { az_app_id: ofId }),
    ...(ofSecret !== undefined && { az_secret: ofSecret }),
  }
}

function toldFlaw(name: string, value: string): Html | undefined {
  const problem = findProblem(name, value)
  return problem === undefined ? undefined : inEnglish(problem)
}

async function show(visit: AppVisit, more: Partial<SetUp>, status: number): Promise<void> {
  const { services, texts } = visit
  const described = await describeKeys(visit)
  const app = await findReadableApp(visit)
  const lines = await askDoctor(visit, OPENING)
  const { base, mountPath, isGuessed } = addressOf(visit, app)
  const shown: SetUp = {
    ...ofApp(visit),
    returnAddress: publicRedirectUri(base, mountPath),
    isGuessed,
    keys: {
      clientId: textOf(described.az_app_id?.inForce?.value),
      areSet: app !== undefined && findClientCredentials(app) !== undefined,
      areConfigured: described.az_app_id?.inForce?.source.from === 'app',
      seen: {
        az_app_id: described.az_app_id?.stored?.version ?? '',
        az_secret: described.az_secret?.stored?.version ?? '',
      },
    },
    findings: lines.filter(({ level }) => level !== 'ok'),
    isTried: app !== undefined && (await wasTried(app, services)),
    ...more,
  }
  showAdminPage(visit, setUpPage(shown, texts), status)
}

/** Undefined: a secret of it cannot be opened, which doctor tells. */
async function findReadableApp({ services, app }: AppVisit): Promise<App | undefined> {
  return services.apps.find(app.appIdentifier).catch((thrown: unknown) => {
    if (thrown instanceof AmazonAuthError && thrown.code === 'secret_unreadable') return undefined
    throw thrown
  })
}

async function getApp({ services, app }: AppVisit): Promise<App> {
  const found = await services.apps.find(app.appIdentifier)
  if (found === undefined) throw new AmazonAuthError('not_found')
  return found
}

function addressOf({ req, services, base }: AppVisit, app: App | undefined) {
  const known = publicUrl(app, services)
  const mountPath = base.slice(0, base.length - services.policy.admin.path.length)
  return { base: known ?? requestOrigin(req), mountPath, isGuessed: known === undefined }
}

type Keys = Readonly<Partial<Record<'az_app_id' | 'az_secret', DescribedSetting>>>

async function describeKeys({ services, app }: AppVisit): Promise<Keys> {
  const described = (await services.admin.describeSettings(app.appIdentifier)) ?? []
  const found = (name: string) => described.find((setting) => setting.name === name)
  const [az_app_id, az_secret] = [found('az_app_id'), found('az_secret')]
  return { ...(az_app_id && { az_app_id }), ...(az_secret && { az_secret }) }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
