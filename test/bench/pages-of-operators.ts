import type { Statements } from './fill-operators'
import type { OperatorsServer } from './serve-operators'

const APP = '/apps/app-0'
const DAY_MS = 86_400_000

/** Every page of which there can be much, with its filters, orders and places deep in a list; below the pages. */
export async function pagesOf(
  server: OperatorsServer,
  database: Statements,
  fillDeliveries: (webhookId: string) => Promise<void>,
): Promise<readonly string[]> {
  const count = Number(await database.value(`select count(*) from users where app_id = 'app-0'`))
  const middle = await database.value(
    `select id from users where app_id = 'app-0' order by created_at limit 1 offset ${Math.floor(count / 2)}`,
  )
  const deep = Date.now() - 60 * DAY_MS
  const webhook = await makeWebhook(server, database, fillDeliveries)
  return [
    ...['', '?period=hour', '?period=day', '?period=week', '?period=month', '?period=year'].flatMap(
      (query) => [`/${query}`, `${APP}${query}`],
    ),
    ...['', '?search=app-9', '?search=app-77', '?after=app-5', '?search=nothing'].map(
      (q) => `/apps${q}`,
    ),
    '/new-app',
    ...['settings', 'keys', 'danger', 'setup', 'doctor'].map((page) => `${APP}/${page}`),
    ...usersPages(middle),
    ...[`/sign-ins`, `${APP}/sign-ins`].flatMap((path) => signInPages(path, deep)),
    '/sign-ins?app=app-0',
    `/sign-ins?app=app-0&outcome=failure`,
    `/sign-ins?app=no-such-app`,
    ...['12345', 'person-1234', 'person', 'Ada 1', middle].map(
      (person) => `${APP}/sign-ins?${new URLSearchParams({ person }).toString()}`,
    ),
    ...['/changes', `${APP}/changes`].flatMap((path) => [path, `${path}?before=${deep}-e`]),
    `${APP}/webhooks`,
    `${APP}/webhooks/${webhook}`,
    ...['pending', 'delivered', 'given_up'].map(
      (state) => `${APP}/webhooks/${webhook}?state=${state}`,
    ),
    `${APP}/webhooks/${webhook}?before=${10 ** 12 + 20_000}`,
    `${APP}/webhooks/${webhook}?state=delivered&before=${10 ** 12 + 20_000}`,
  ]
}

function usersPages(middle: string): readonly string[] {
  const path = `${APP}/users`
  const sorts = ['name', 'email', 'id', 'timestamp', 'updated'].flatMap((sort) =>
    ['0', '1'].map((desc) => `sort=${sort}&desc=${desc}`),
  )
  const searches = ['person-12', 'Ada', 'émile', 'az:amzn1.account.4', middle, 'nobody']
  const { length } = searches
  return [
    path,
    ...sorts.map((sort) => `${path}?${sort}`),
    ...sorts.map((sort) => `${path}?${sort}&after=${middle}`),
    `${path}?sort=name&before=${middle}`,
    ...searches.map((q) => `${path}?${new URLSearchParams({ q }).toString()}`),
    `${path}?q=person&page=${length}`,
    `${path}/bulk`,
    ...['', '/lock', '/sign-out', '/delete', '/export'].map((page) => `${path}/${middle}${page}`),
  ]
}

function signInPages(path: string, deep: number): readonly string[] {
  const since = new Date(deep).toISOString().slice(0, 16)
  const queries = [
    '',
    'outcome=success',
    'outcome=failure',
    'reason=access_denied',
    'reason=client_rejected',
    'reason=no_such_reason',
    'way=device',
    'way=app_token',
    'way=app_token&outcome=failure',
    `since=${since}`,
    `until=${since}`,
    `before=${deep}-e`,
    `before=${deep}-e&outcome=failure`,
    `before=${deep}-e&reason=client_rejected`,
  ]
  return [
    ...queries.map((query) => `${path}?${query}`),
    `${path}.csv`,
    `${path}.jsonl`,
    `${path}.csv?reason=client_rejected`,
    `${path}.csv?way=app_token`,
    `${path}/live`,
  ]
}

async function makeWebhook(
  server: OperatorsServer,
  database: Statements,
  fillDeliveries: (webhookId: string) => Promise<void>,
): Promise<string> {
  const find = `select coalesce(max(id), '') from webhooks where app_id = 'app-0'`
  const kept = await database.value(find)
  if (kept !== '') return kept
  const path = `${APP}/webhooks`
  const fields = [
    ['url', 'https://hooks.example.com/in'],
    ['events', 'user.locked'],
  ] as const
  const answer = await server.post(path, path, fields)
  if (answer.status >= 400) throw new Error(`no webhook: ${answer.status} ${await answer.text()}`)
  const webhookId = await database.value(find)
  await fillDeliveries(webhookId)
  return webhookId
}
