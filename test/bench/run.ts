import { mkdirSync } from 'node:fs'
import { parseArgs } from 'node:util'

import { entriesOf, OWN_BUILD, parseBuild } from './builds'
import { CONTENDERS } from './contenders'
import { leaveOneCore } from './leave-one-core'
import { measureStart, type Start } from './measure-start'
import { race } from './race'
import { describeBuilds, describeShown, writeReport } from './report'

const STARTS = 7

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    logins: { type: 'string', default: '3000' },
    'warm-up': { type: 'string', default: '20000' },
    settle: { type: 'string', default: '2000' },
    only: { type: 'string' },
    dist: { type: 'string', multiple: true },
    profile: { type: 'string' },
    report: { type: 'boolean', default: false },
  },
})

void (async () => {
  if (values.profile !== undefined) mkdirSync(values.profile, { recursive: true })
  const core = leaveOneCore()
  if (core === undefined) console.error('the server shares the processors with all else')
  const options = {
    rounds: Number(values.rounds),
    logins: Number(values.logins),
    warmUp: Number(values['warm-up']),
    settle: Number(values.settle),
    people: 500,
    core,
    ...(values.profile !== undefined && { profile: values.profile }),
    tell: (line: string) => console.error(line),
  }
  const only = values.only?.split(',')
  const chosen = CONTENDERS.filter(({ name }) => only?.includes(name) ?? true)
  const [first = OWN_BUILD, ...others] = (values.dist ?? []).map(parseBuild)
  const builds = [first, ...others] as const
  const starts: Start[] = []
  for (const build of builds) starts.push(await measureStart(build, STARTS, core))
  const results = await race(entriesOf(chosen, builds), options)
  console.log(describeShown({ results, starts }))
  for (const line of describeBuilds(results)) console.log(line)
  // The page shows all of it, of this build.
  if (values.report && !values.only && !values.dist) writeReport({ results, starts }, options)
})()
