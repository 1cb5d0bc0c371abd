import { measureFlat } from './flat'
import { openPostgres } from './open-postgres'

test('the comparison of small and large fills both stores and signs in their users, of whom none is new', async () => {
  const postgres = await openPostgres()
  await postgres?.drop()
  if (process.env.CI === 'true') expect(postgres).toBeDefined()
  const worlds = [
    { apps: 2, usersPerApp: 3 },
    { apps: 5, usersPerApp: 2 },
  ]
  const results = await measureFlat({
    worlds,
    stores: ['sqlite', 'postgres'],
    rounds: 2,
    logins: 5,
    warmUp: 5,
    tell: () => undefined,
  })
  expect(results.map(({ world }) => world)).toEqual(postgres ? [...worlds, ...worlds] : worlds)
  for (const { loginMs, p95Ms, meMs, verifyMs, heapMb, rssMb } of results) {
    for (const figure of [loginMs, p95Ms, meMs, verifyMs]) expect(figure).toBeGreaterThan(0)
    expect(rssMb).toBeGreaterThan(heapMb)
  }
}, 300_000)
