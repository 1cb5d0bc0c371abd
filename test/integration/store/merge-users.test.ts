import { silentLogger } from '../../../src/server/logging/create-logger'
import { mergeUsers, type MergeUsers } from '../../../src/store/sql/merge-users'
import { APPS_TABLE } from '../../../src/store/sql/moved-tables'
import { openWhole } from '../../../src/store/sql/open-sql-store'
import type { SqlExecutor } from '../../../src/store/sql/sql-executor'
import { transferOptions } from '../../../src/store/transfer-options'

const ANN = {
  user: { appId: 'acme', id: '24759', identifier: 'az:amzn1.account.ANN', active: true },
  amazonIdentifier: 'az:amzn1.account.ANN',
  moreIdentifiers: 0,
  ownedBy: undefined,
}
const UNNUMBERED = { ...ANN, user: { ...ANN.user, id: 'my-own-id' } }

let made = 0
let to: SqlExecutor
beforeEach(async () => {
  to = await openWhole(transferOptions('sqlite::memory:', silentLogger))
  const app = { app_id: 'acme', name: 'acme', active: 1, sealed_secret: 's' }
  await to.write([APPS_TABLE.put({ ...app, created_at: 1, updated_at: 1 })])
})
afterEach(() => to.close())

function optionsOn(executor: SqlExecutor): MergeUsers {
  return {
    ...{ to: executor, appId: 'acme', winner: 'newer', takesOthers: false, applies: true },
    nextUserId: () => String((made += 1)),
  }
}

/** Another import brings the user in after so many of the looks into the store. */
function overtakenAfter(looks: number, staged: typeof ANN): SqlExecutor {
  let left = looks
  return {
    ...to,
    async read(query) {
      const rows = await to.read(query)
      left -= 1
      if (left === 0) await mergeUsers([staged], optionsOn(to))
      return rows
    },
  }
}

test.each([
  ['between the two looks into the store', 1, ANN],
  ['before the writing', 2, ANN],
  ['before the writing, with an id made here', 2, UNNUMBERED],
])('a user whom another import brings %s is the same user', async (_when, looks, staged) => {
  const merged = await mergeUsers([staged], optionsOn(overtakenAfter(looks, staged)))
  expect(merged).toMatchObject([{ outcome: expect.stringMatching(/^(?:same|added)$/) }])
  const again = await mergeUsers([staged], optionsOn(to))
  expect(again).toMatchObject([{ outcome: 'same', id: merged[0]?.id }])
})
