import type { AppJson } from '../apps/app-json'
import type { AppKeys } from '../apps/create-app'
import type { SettingsReview } from '../apps/review-settings'
import type { Json, SettingValues } from '../apps/settings'
import type { Report as DoctorReport } from '../doctor/report'
import type { StatsReport } from '../stats/create-stats'
import type { UserExport } from '../users/export-user'
import type { UserJson } from '../users/user-json'
import type { About, Client, Page, SignedIn, TokenGrant } from './client'
import { createSender, type Send, type SenderOptions } from './create-sender'
import { parseRemarks } from './parse-remarks'
import { signRequest } from './sign-request'
import { toSignedIn } from './to-signed-in'
import { webhooksOf } from './webhooks-of'

export interface ClientOptions extends SenderOptions {
  /** `app:<name>` of the app that calls. */
  readonly accessKey: string
  /** Its secret key, as it was shown when the app was made or its keys renewed. */
  readonly secretKey: string
  /** Where the API lies below `url`. Default `/v1`. */
  readonly apiPath?: string | undefined
}

/**
 * A client of the API of a server or of a host with the middleware, for one app, whose keys sign the calls.
 *
 * @throws {TypeError} An option is missing, or `url` is no address.
 * @example
 * const client = createClient({ url: 'https://auth.example.com', accessKey: 'app:shop', secretKey })
 * await client.settings.put('signin_success', 'https://shop.example.com/in?jwt=id')
 */
export function createClient(options: ClientOptions): Client {
  requireOptions(options)
  const { accessKey, secretKey, apiPath = '/v1' } = options
  let keys: AppKeys = { accessKey, secretKey }
  const sendAny = createSender(options)
  const root = apiPath.split('/').filter((name) => name !== '')
  const send: Send = (call, fields) =>
    sendAny(
      {
        ...call,
        path: [...root, ...call.path],
        authorize: (request) => signRequest(request, keys),
      },
      fields,
    )

  return {
    about: () => send<About>({ method: 'GET', path: [] }, ['info', 'version']),
    me: () => send<AppJson>({ method: 'GET', path: ['_me'] }, ['id', 'appIdentifier']),
    settings: settingsOf(send),
    users: usersOf(send),
    apps: appsOf(send),
    doctor: (query) =>
      send<DoctorReport>({ method: 'GET', path: ['_doctor'], query: { ...query } }, DOCTOR_FIELDS),
    stats: (query) =>
      send<StatsReport>({ method: 'GET', path: ['_stats'], query: { ...query } }, STATS_FIELDS),
    async tryLink({ app } = {}) {
      const { url, expires } = await send<{ url: string; expires: number }>(
        { method: 'POST', path: ['_try'], query: { app } },
        ['url', 'expires'],
      )
      return { url, expiresAtMs: expires }
    },
    webhooks: webhooksOf(send),
    keys: {
      async rotate() {
        keys = await send({ method: 'POST', path: ['_newkeys'] }, KEY_FIELDS).then(toAppKeys)
        return keys
      },
    },
    signIn: signInOf(sendAny, root),
  }
}

const REQUIRED = ['url', 'accessKey', 'secretKey'] as const satisfies (keyof ClientOptions)[]

/** The variable of an environment is not set as often as an option is forgotten. */
function requireOptions(options: Partial<ClientOptions> | undefined): void {
  const missing = REQUIRED.filter((name) => typeof options?.[name] !== 'string' || !options[name])
  if (missing.length === 0) return
  throw new TypeError(`createClient: ${missing.join(', ')} must be given as text. ${EXAMPLE}`)
}

const EXAMPLE =
  "For example: createClient({ url: 'https://auth.example.com', accessKey: 'app:shop', secretKey: '…' })"

const DOCTOR_FIELDS = ['level', 'results', 'lastKey'] as const
const STATS_FIELDS = ['totals', 'failures', 'points'] as const
const KEY_FIELDS = ['accessKey', 'secretKey'] as const
const EXPORT_FIELDS = ['user', 'kept'] as const
const PAGE_FIELDS = ['items', 'totalHits', 'lastKey'] as const

function settingsOf(send: Send): Client['settings'] {
  const path = ['_settings']
  async function change(at: readonly string[], body: object): Promise<SettingsReview> {
    let [ignored, warnings] = ['', '']
    await send({
      method: 'PUT',
      path: at,
      body,
      onHeaders: (find) => {
        ignored = find('x-settings-ignored')
        warnings = find('x-settings-warning')
      },
    })
    return { ignored: parseRemarks(ignored), warnings: parseRemarks(warnings) }
  }
  return {
    read: () => send<SettingValues>({ method: 'GET', path }),
    async get(key) {
      const { value } = await send<{ value?: Json }>({ method: 'GET', path: [...path, key] })
      return value
    },
    put: (key, value) => change([...path, key], { value }),
    replace: (settings) => change(path, settings),
    async delete(key) {
      await send({ method: 'DELETE', path: [...path, key] })
    },
  }
}

function usersOf(send: Send): Client['users'] {
  const path = ['users']
  return {
    list: (page) => send<Page<UserJson>>({ method: 'GET', path, query: { ...page } }, PAGE_FIELDS),
    get: (id) => send<UserJson>({ method: 'GET', path: [...path, id] }, ['id']),
    patch: (id, changes) =>
      send<UserJson>({ method: 'PATCH', path: [...path, id], body: changes }, ['id']),
    async delete(id) {
      await send({ method: 'DELETE', path: [...path, id] })
    },
    signOut: (id) => send<UserJson>({ method: 'POST', path: [...path, id, '_signout'] }, ['id']),
    unlinkAmazon: (id) =>
      send<UserJson>({ method: 'DELETE', path: [...path, id, 'amazon'] }, ['id']),
    export: (id) =>
      send<UserExport>({ method: 'GET', path: [...path, id, 'export'] }, EXPORT_FIELDS),
    async amazonToken(id, { renew } = {}) {
      const { access_token, expires, scopes } = await send<AmazonTokenJson>(
        { method: 'GET', path: [...path, id, 'amazon_token'], query: { renew } },
        ['access_token', 'expires'],
      )
      return { accessToken: access_token, expiresAtMs: expires, scopes }
    },
  }
}

function appsOf(send: Send): Client['apps'] {
  const path = ['apps']
  return {
    create: (name, { displayName } = {}) =>
      send(
        { method: 'GET', path: ['_setup', name], query: { name: displayName } },
        KEY_FIELDS,
      ).then(toAppKeys),
    list: (page) => send<Page<AppJson>>({ method: 'GET', path, query: { ...page } }, PAGE_FIELDS),
    patch: (name, { name: displayName, active }) =>
      send<AppJson>(
        { method: 'PATCH', path: [...path, name], body: { name: displayName, active } },
        ['id', 'appIdentifier'],
      ),
    async delete(name) {
      await send({ method: 'DELETE', path: [...path, name] })
    },
  }
}

function signInOf(send: Send, root: readonly string[]): Client['signIn'] {
  const path = ['jwt_auth']
  const signIn = (provider: string, { app, token }: TokenGrant): Promise<SignedIn> =>
    send({ method: 'POST', path, body: { provider, appid: app, token } }, SIGNED_IN).then(
      toSignedIn,
    )
  const bearer = (token: string) => () => ({ authorization: `Bearer ${token}` })
  return {
    withAmazonToken: (grant) => signIn('amazon', grant),
    withAppToken: (grant) => signIn('passwordless', grant),
    renew: (token) =>
      send({ method: 'GET', path, authorize: bearer(token) }, SIGNED_IN).then(toSignedIn),
    async revoke(token) {
      await send({ method: 'DELETE', path, authorize: bearer(token) })
    },
    export: (token) =>
      send<UserExport>(
        { method: 'GET', path: [...root, '_me', 'export'], authorize: bearer(token) },
        EXPORT_FIELDS,
      ),
  }
}

interface AmazonTokenJson {
  readonly access_token: string
  readonly expires: number
  readonly scopes?: readonly string[]
}

const SIGNED_IN = ['jwt', 'user'] as const

function toAppKeys({ accessKey, secretKey }: AppKeys): AppKeys {
  return { accessKey, secretKey }
}
