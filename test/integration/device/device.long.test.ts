import { setTimeout as sleep } from 'node:timers/promises'

import { describeOnStores, shortestGap, type DeviceWorld } from './device-world'

describeOnStores((start) => {
  let world: DeviceWorld

  beforeAll(async () => {
    world = await start()
  })

  test('twenty programs that ask for the same code at the same time get one result, by one poll each interval', async () => {
    const codes = await world.begin()
    const all = Array.from({ length: 20 }, () => world.wait(codes))
    await sleep(2_500)
    world.emulator.allowDevice(codes.user_code)
    const answers = await Promise.all(all)
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ json }) => json.error === 'expired_token')).toHaveLength(19)
    expect(world.polls().length).toBeGreaterThan(1)
    expect(shortestGap(world.polls())).toBeGreaterThanOrEqual(1_000)
    const statuses = world.emulator.journal.entries({ path: '/auth/o2/token', status: 400 })
    expect(statuses).toHaveLength(world.polls().length - 1)
  })
})
