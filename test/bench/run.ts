import { parseArgs } from 'node:util'

import { CONTENDERS } from './contenders'
import { race } from './race'
import { tableOf, writeReport } from './report'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    logins: { type: 'string', default: '3000' },
    'warm-up': { type: 'string', default: '1500' },
    only: { type: 'string' },
    profile: { type: 'string' },
    report: { type: 'boolean', default: false },
  },
})

void (async () => {
  const only = values.only?.split(',')
  const options = {
    rounds: Number(values.rounds),
    logins: Number(values.logins),
    warmUp: Number(values['warm-up']),
    people: 500,
    ...(values.profile !== undefined && { profile: values.profile }),
    tell: (line: string) => console.error(line),
  }
  const chosen = CONTENDERS.filter(({ name }) => only?.includes(name) ?? true)
  const results = await race(chosen, options)
  console.log(tableOf(results))
  if (values.report) writeReport(results, options)
})()
