import type { Section } from '../case'
import { ADA, BEN, CHLOE, DAN } from '../world'

export const upsert: Section = {
  title: '2 Signing in: the user',
  cases: [
    {
      line: 'a new user is active and in the group users, with a picture by the email’s MD5',
      async send(world) {
        await world.shop()
        await world.jwtAuth()
      },
      expected: {
        json: {
          user: {
            active: true,
            groups: 'users',
            picture:
              'https://www.gravatar.com/avatar/3e3417d7ef77d5932a6734b916515ed5?d=mm&size=400',
          },
        },
      },
    },
    {
      line: 'without an email the address is <id>@amazon.com, and the picture has no hash',
      async send(world) {
        await world.shop()
        await world.jwtAuth(BEN)
      },
      expected: {
        json: {
          user: {
            email: /^\d+@amazon\.com$/,
            picture: 'https://www.gravatar.com/avatar/?d=mm&size=400',
          },
        },
      },
    },
    {
      line: 'without a name the user is called No Name',
      async send(world) {
        await world.shop()
        await world.jwtAuth(CHLOE)
      },
      expected: { json: { user: { name: 'No Name' } } },
    },
    {
      line: 'a changed name is taken over, as Amazon sent it',
      async send(world) {
        await world.shop()
        await world.jwtAuth()
        world.server.emulator.faults.set({ endpoint: 'profile', fault: 'emoji_name' })
        await world.jwtAuth()
      },
      expected: { json: { user: { name: 'Zoë 👩‍👩‍👧‍👦 अदिति 林', email: 'ada@example.com' } } },
    },
    {
      line: 'a blank name or email blanks nothing',
      async send(world) {
        await world.shop()
        await world.jwtAuth()
        world.server.emulator.faults.set({ endpoint: 'profile', fault: 'name_null', times: 1 })
        await world.jwtAuth()
        world.server.emulator.faults.set({ endpoint: 'profile', fault: 'email_null', times: 1 })
        await world.jwtAuth()
      },
      expected: { json: { user: { name: 'Ada Lindqvist', email: 'ada@example.com' } } },
    },
    {
      line: 'another Amazon account with the same email is a second user',
      async send(world) {
        await world.shop()
        const first = await world.jwtAuth(ADA)
        const second = await world.jwtAuth(DAN)
        return first.json.user.id === second.json.user.id
      },
      expected: { json: { user: { email: 'ada@example.com' } }, value: false },
    },
    {
      line: 'with security.link_by_email it takes over the first',
      async send(world) {
        await world.shop({ 'security.link_by_email': true })
        const first = await world.jwtAuth(ADA)
        const second = await world.jwtAuth(DAN)
        return first.json.user.id === second.json.user.id
      },
      expected: { json: { user: { identifier: `az:${String(DAN)}` } }, value: true },
    },
    {
      line: 'a locked user cannot sign in',
      async send(world) {
        const keys = await world.shop({ signin_failure: '/out?cause=?' })
        const { json } = await world.jwtAuth()
        const path = `/v1/users/${String(json.user.id)}`
        await world.call(`PATCH ${path}`, { as: keys, body: { active: false } })
        await world.signIn('/amazon_auth?state=shop', ADA)
      },
      expected: { location: '/out?cause=Bad%20credentials.', cookies: /^(?!.*amazon-auth(,|$))/ },
    },
  ],
}
