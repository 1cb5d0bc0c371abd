import { sealSettings } from '../../src/apps/seal-settings'
import { consoleLogger } from '../../src/console-logger'
import { randomText } from '../../src/crypto/random'
import { createSealer, type Sealer } from '../../src/crypto/sealer'
import { showProgress } from '../../src/server/show-progress'
import { openSqlStore } from '../../src/store/sql/open-sql-store'
import { createUserIds } from '../../src/users/user-id'
import { openRows, type Rows } from './open-rows'
import { CLIENT } from './race'

/** How much is in a store. */
export interface World {
  readonly apps: number
  /** Each app has users of its own for the same Amazon accounts, `amzn1.account.0` and up. */
  readonly usersPerApp: number
}

const BATCH = 5_000

/** Id of the n-th app of a world. */
export function appIdOf(n: number): string {
  return `app-${n}`
}

/** Fills a new store straight by SQL, with a bar on a terminal. */
export async function seed(
  storeUrl: string,
  { apps, usersPerApp }: World,
  secretKey: string,
): Promise<void> {
  await makeTables(storeUrl)
  const rows = await openRows(storeUrl)
  const progress = showProgress('apps and users')
  const sealer = createSealer(() => [secretKey], 'secrets at rest')
  const total = apps * (usersPerApp + 1)
  let done = 0
  function tell(count: number): void {
    done += count
    progress.show(done, total)
  }
  try {
    await addApps(rows, apps, sealer, tell)
    await addUsers(rows, { apps, usersPerApp }, tell)
    await rows.settle()
  } finally {
    progress.end()
    await rows.close()
  }
}

/** As a first start does. */
async function makeTables(url: string): Promise<void> {
  const store = openSqlStore({ url, logger: consoleLogger })
  await store.ready()
  await store.close()
}

async function addApps(
  rows: Rows,
  count: number,
  sealer: Sealer,
  tell: (count: number) => void,
): Promise<void> {
  for (const numbers of batches(count)) {
    await rows.insert(
      'apps',
      numbers.map((n) => appRow(appIdOf(n), sealer)),
    )
    await rows.insert(
      'settings',
      numbers.flatMap((n) => settingRows(appIdOf(n), sealer)),
    )
    tell(numbers.length)
  }
}

async function addUsers(
  rows: Rows,
  { apps, usersPerApp }: World,
  tell: (count: number) => void,
): Promise<void> {
  const nextUserId = createUserIds()
  for (const numbers of batches(apps * usersPerApp)) {
    const users = numbers.map((n) => {
      const appId = appIdOf(Math.floor(n / usersPerApp))
      return userRow(appId, n % usersPerApp, nextUserId(Date.now()))
    })
    await rows.insert('users', users)
    tell(users.length)
  }
}

function appRow(appId: string, sealer: Sealer): object {
  const now = Date.now()
  return {
    app_id: appId,
    name: appId,
    active: 1,
    sealed_secret: sealer.seal(randomText(32), appId),
    created_at: now,
    updated_at: now,
  }
}

function settingRows(appId: string, sealer: Sealer): readonly object[] {
  const settings = {
    az_app_id: CLIENT.clientId,
    az_secret: CLIENT.clientSecret,
    signin_success: 'https://shop.example/in?jwt=id',
  }
  const sealed = sealSettings(appId, settings, sealer)
  return Array.from(sealed, ([name, value]) => ({ app_id: appId, name, value }))
}

/** A user who has signed in before: nothing that Amazon tells of the person is new. */
function userRow(appId: string, person: number, id: string): object {
  const now = Date.now()
  return {
    app_id: appId,
    id,
    identifier: `az:amzn1.account.${person}`,
    email: `person-${person}@example.com`,
    name: `Person ${person}`,
    picture: `https://www.gravatar.com/avatar/${randomText(24)}?d=mm&size=400`,
    groups: 'users',
    active: 1,
    token_secret: randomText(32),
    session_epoch: 0,
    created_at: now,
    updated_at: now,
  }
}

/** The numbers below `count`, in their order. */
function* batches(count: number): Generator<readonly number[]> {
  for (let first = 0; first < count; first += BATCH) {
    yield Array.from({ length: Math.min(BATCH, count - first) }, (_none, n) => first + n)
  }
}
