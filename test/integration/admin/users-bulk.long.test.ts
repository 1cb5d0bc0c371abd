import { tokenIn } from '../../support/admin-world'
import { Browser } from '../../support/browser'
import { describeOnPostgres } from '../../support/postgres'
import { postgresKind } from '../../support/postgres-store'
import { SQLITE } from '../../support/sqlite-under-test'
import {
  createStoreWorld,
  manyPeople,
  ROOT_KEYS,
  type StoreKind,
  type StoreWorld,
} from '../../support/store-world'
import { until } from '../../support/until'
import type { Listening } from '../server/command-line'

const USERS = 4_000
const PATIENCE_MS = 240_000

const ADD = `INSERT INTO users (app_id, id, identifier, email, name, picture, "groups", active, token_secret, session_epoch, created_at, updated_at)
  WITH RECURSIVE n (i) AS (SELECT 100000 UNION ALL SELECT i + 1 FROM n WHERE i < ${100_000 + USERS - 1})
  SELECT 'acme', cast(i as text), 'az:' || i, i || '@example.com', 'Many ' || i, '', 'users', 1, 'secret', 0, 5, 5 FROM n`
const SUMS = `SELECT sum(changed) AS changed, sum(unchanged) AS unchanged, sum(gone) AS gone FROM bulks`

function describeKilled(kind: StoreKind): void {
  describe(`a change of ${USERS} users in ${kind.name}`, () => {
    let world: StoreWorld
    beforeAll(async () => {
      world = await createStoreWorld(await kind.create(), manyPeople(1))
    }, 60_000)
    afterAll(() => world.close(), 60_000)

    test(
      'is killed in the middle, and the next process changes the rest by itself: each once, each told once',
      async () => {
        let server = await world.serve()
        await world.store.query(ADD)
        const path = await start(server, 'action=lock&covers=search&search=many')
        for (let at = 1; at <= 3; at += 1) {
          await until(async () => (await changed()) >= (at * USERS) / 5, PATIENCE_MS)
          server.child.kill('SIGKILL')
          await server.exit()
          expect(await changed()).toBeLessThan(USERS)
          server = await world.serve()
        }
        await until(async () => (await state()) === 'done', PATIENCE_MS)
        expect(numbers((await world.store.query(SUMS))[0])).toEqual([USERS, 0, 0])
        const count = async (sql: string) => numbers((await world.store.query(sql))[0])
        expect(await count(`SELECT count(*) AS n FROM users WHERE active = 0`)).toEqual([USERS])
        expect(
          await count(
            `SELECT count(*) AS n, count(DISTINCT user_id) AS users FROM audit WHERE reason = 'user_locked'`,
          ),
        ).toEqual([USERS, USERS])
        expect(
          await count(`SELECT min(session_epoch) AS a, max(session_epoch) AS b FROM users`),
        ).toEqual([1, 1])
        expect(await count('SELECT count(*) AS n FROM bulk_users')).toEqual([0])
        const operator = await signIn(server)
        const { body } = await operator.get(path, { accept: 'text/html' })
        expect(body).toContain('It is done.')
        expect(body).toContain(`Changed: ${USERS}`)
      },
      PATIENCE_MS * 2,
    )

    async function changed(): Promise<number> {
      return numbers((await world.store.query('SELECT changed FROM bulks'))[0])[0] ?? 0
    }
    async function state(): Promise<unknown> {
      return (await world.store.query('SELECT state FROM bulks'))[0]?.state
    }
  })
}

function numbers(row: Readonly<Record<string, unknown>> | undefined): readonly number[] {
  return Object.values(row ?? {}).map(Number)
}

async function signIn({ origin }: Listening): Promise<Browser> {
  const browser = new Browser(origin)
  const form = { access_key: ROOT_KEYS.accessKey, secret_key: ROOT_KEYS.secretKey }
  const answer = await browser.send('/admin/sign-in', { method: 'POST', form })
  expect(answer.status).toBe(303)
  return browser
}

/** Begins a change and starts it; gives the path of its page. */
async function start(server: Listening, fields: string): Promise<string> {
  const operator = await signIn(server)
  const list = '/admin/apps/acme/users'
  const headers = { accept: 'text/html', origin: server.origin }
  const { body } = await operator.get(list, headers)
  const token = `form_token=${encodeURIComponent(tokenIn(body))}`
  const send = (path: string, form: string) =>
    operator.send(path, { method: 'POST', headers, form })
  const { location } = await send(`${list}/bulk`, `${fields}&${token}`)
  await until(
    async () => (await operator.get(location, headers)).body.includes('It waits'),
    PATIENCE_MS,
  )
  expect((await operator.get(location, headers)).body).toContain(`Users to be locked: ${USERS}`)
  expect((await send(`${location}/start`, token)).status).toBe(303)
  return location
}

describeKilled(SQLITE)
describeOnPostgres('on a server', () => describeKilled(postgresKind()))
