import { CONTENDERS } from './contenders'
import { race } from './race'

test('the benchmark measures the floor and this package, in processes of their own', async () => {
  const chosen = CONTENDERS.filter(({ name }) => ['floor', 'sqlite', 'session'].includes(name))
  const results = await race(chosen, {
    rounds: 1,
    logins: 5,
    warmUp: 5,
    people: 3,
    tell: () => undefined,
  })
  expect(results.map(({ contender }) => contender.name)).toEqual(['floor', 'sqlite', 'session'])
  for (const { cpuMs, perSecond, rssMb } of results) {
    expect(cpuMs).toBeGreaterThan(0)
    expect(perSecond).toBeGreaterThan(0)
    expect(rssMb).toBeGreaterThan(10)
  }
})
