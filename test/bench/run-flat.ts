import { parseArgs } from 'node:util'

import { measureFlat, type StoreKind } from './flat'
import { flatTableOf, writeFlatReport } from './flat-report'

const STORES: readonly StoreKind[] = ['sqlite', 'postgres']
/** Ten apps with a thousand users, then with a million, then a hundred thousand apps with as many. */
const WORLDS = [
  { apps: 10, usersPerApp: 100 },
  { apps: 10, usersPerApp: 100_000 },
  { apps: 100_000, usersPerApp: 10 },
]

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    logins: { type: 'string', default: '1500' },
    'warm-up': { type: 'string', default: '3000' },
    only: { type: 'string' },
    report: { type: 'boolean', default: false },
  },
})

void (async () => {
  const options = {
    worlds: WORLDS,
    stores: STORES.filter((store) => values.only?.split(',').includes(store) ?? true),
    rounds: Number(values.rounds),
    logins: Number(values.logins),
    warmUp: Number(values['warm-up']),
    tell: (line: string) => console.error(line),
  }
  const results = await measureFlat(options)
  console.log(flatTableOf(results))
  if (values.report) writeFlatReport(results, options)
})()
