import { entriesOf, OWN_BUILD } from './builds'
import { CONTENDERS } from './contenders'
import { measureStart } from './measure-start'
import { race } from './race'
import { describeShown } from './report'

const MEASURED = ['floor', 'sqlite', 'new', 'serve', 'session']

test('the benchmark measures the floor and this package, in processes of their own', async () => {
  const chosen = CONTENDERS.filter(({ name }) => MEASURED.includes(name))
  const results = await race(entriesOf(chosen, [OWN_BUILD]), {
    rounds: 1,
    logins: 5,
    warmUp: 5,
    settle: 5,
    people: 3,
    tell: () => undefined,
  })
  expect(results.map(({ contender }) => contender.name)).toEqual(MEASURED)
  for (const { cpuMs, beginMs, times, perSecond, rssMb } of results) {
    for (const figure of [cpuMs, beginMs, times, perSecond]) expect(figure).toBeGreaterThan(0)
    expect(rssMb).toBeGreaterThan(10)
  }
  const guarded = results.filter(({ guardedMs }) => (guardedMs ?? 0) > 0)
  expect(guarded.map(({ contender }) => contender.name)).toEqual(['sqlite', 'session'])
  expect(describeShown({ results, starts: [] })).toContain('times the floor | ')
}, 300_000)

test('the benchmark measures the start of a host', async () => {
  const { loaded, ready } = await measureStart(OWN_BUILD, 1)
  expect(loaded.cpuMs).toBeGreaterThan(0)
  expect(ready.modules).toBeGreaterThanOrEqual(loaded.modules)
})
