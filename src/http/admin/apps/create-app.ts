import { losesCharacters, normalizeAppId } from '../../../apps/app-id'
import { findProblem } from '../../../apps/change-settings'
import type { AppKeys } from '../../../apps/create-app'
import { explainUnusable } from '../../../apps/settings-in-force'
import { settingsFrom } from '../../../apps/settings'
import { AmazonAuthError } from '../../../errors'
import {
  newAppPage,
  type NewAppField,
  type NewAppForm,
} from '../../../pages/admin/apps/new-app-page'
import type { Html } from '../../../pages/html'
import { inEnglish } from '../../../pages/in-english'
import type { AdminTexts } from '../../../pages/admin/texts/en'
import { fill } from '../../../pages/texts/fill'
import { showAdminPage } from '../admin-answers'
import type { AdminVisit } from '../admin-route'
import { recordChange } from '../record-change'
import { goToKeys } from './app-keys'

type Typed = NewAppForm['typed']
type Problems = NewAppForm['problems']

const FIELDS = ['id', 'name', 'az_app_id', 'signin_success', 'signin_failure'] as const
const SETTINGS = ['az_app_id', 'az_secret', 'signin_success', 'signin_failure'] as const

/** `GET /new-app` */
export async function showNewApp(visit: AdminVisit): Promise<void> {
  show(visit, typedIn(new URLSearchParams()), {}, 200)
  return Promise.resolve()
}

/** `POST /new-app`: leads to the keys, which are shown once. */
export async function createApp(visit: AdminVisit): Promise<void> {
  const { form, texts } = visit
  const typed = typedIn(form)
  const problems = findProblems(form, typed, texts)
  if (Object.keys(problems).length > 0) {
    show(visit, typed, problems, 400)
    return
  }
  const keys = await make(visit, typed)
  if (keys === undefined) {
    show(visit, typed, { id: texts.apps.newIdTaken }, 409)
    return
  }
  const app = normalizeAppId(typed.id)
  await recordChange(visit, { app, action: 'app_created' })
  await goToKeys(visit, app, { ...keys, isNewApp: true })
}

function show(visit: AdminVisit, typed: Typed, problems: Problems, status: number): void {
  const { base, session, texts } = visit
  const form = { base, formToken: session.formToken, typed, problems }
  showAdminPage(visit, newAppPage(form, texts), status)
}

function typedIn(form: URLSearchParams): Typed {
  const entries = FIELDS.map((name) => [name, (form.get(name) ?? '').trim()] as const)
  return Object.fromEntries(entries) as Record<NewAppField, string>
}

function findProblems(form: URLSearchParams, typed: Typed, texts: AdminTexts): Problems {
  const { apps } = texts
  const id = normalizeAppId(typed.id)
  const isChanged = losesCharacters(typed.id) && id !== ''
  const ofId = isChanged ? fill(apps.newIdCleaned, { id }) : findIdProblem(id, apps.newIdInvalid)
  const ofKeys = (typed.az_app_id === '') === (secretIn(form) === '') ? undefined : apps.keysBoth
  const found = SETTINGS.map((name) => [name, findSettingProblem(name, form)] as const)
  const problems = {
    id: ofId,
    name: typed.name.length > MAX_NAME_CHARACTERS ? apps.nameInvalid : undefined,
    ...Object.fromEntries(found),
    ...(ofKeys !== undefined && { az_secret: ofKeys }),
  }
  return Object.fromEntries(Object.entries(problems).filter(([, problem]) => problem !== undefined))
}

const MAX_ID_CHARACTERS = 128
const MAX_NAME_CHARACTERS = 256

function findIdProblem(id: string, text: string): string | undefined {
  return id === '' || id.length > MAX_ID_CHARACTERS ? text : undefined
}

function findSettingProblem(name: string, form: URLSearchParams): Html | undefined {
  const value = (form.get(name) ?? '').trim()
  if (value === '') return undefined
  const problem = findProblem(name, value) ?? explainUnusable(name, value, undefined)
  return problem === undefined ? undefined : inEnglish(problem)
}

function secretIn(form: URLSearchParams): string {
  return (form.get('az_secret') ?? '').trim()
}

/** @returns Undefined: the id is taken. */
async function make({ services, form }: AdminVisit, typed: Typed): Promise<AppKeys | undefined> {
  const given = SETTINGS.map((name) => [name, (form.get(name) ?? '').trim()] as const)
  const settings = settingsFrom(given.filter(([, value]) => value !== ''))
  const displayName = typed.name === '' ? typed.id : typed.name
  try {
    return await services.admin.create({ name: typed.id, displayName, settings })
  } catch (thrown) {
    if (thrown instanceof AmazonAuthError && thrown.code === 'app_exists') return undefined
    throw thrown
  }
}
