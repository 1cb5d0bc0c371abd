import type { App } from '../../../src/apps/app'
import { readMapping } from '../../../src/apps/claims-setting'
import type { CheckedApp } from '../../../src/doctor/checked-app'
import type { Surroundings } from '../../../src/doctor/check'
import { claims } from '../../../src/doctor/checks/claims'

function look(mapping: object | undefined, scope = 'profile', mapsProfiles = false) {
  const site = {
    host: { mapsProfiles },
    scopesOf: () => ({ scope, voluntary: [] }),
    claimMappingOf: () => (mapping === undefined ? undefined : readMapping(mapping)),
  }
  const checked = { app: {} as App, originOf: () => 'stored setting' }
  return claims.look(checked as unknown as CheckedApp, { site } as unknown as Surroundings)
}

test('an app without a mapping has no line', () => {
  expect(look(undefined)).toBeUndefined()
  expect(look({})).toBeUndefined()
})

test('a sound mapping is told by its claims', () => {
  expect(look({ displayName: 'name', idp_name: { value: 'amazon.com' } })).toMatchObject({
    level: 'ok',
    seen: 'mapped: displayName, idp_name',
  })
})

test('a claim that no scope shows is warned of, with the scope to add', () => {
  const found = [
    {
      level: 'warning',
      seen: 'zip is taken from what the app does not ask for',
      fix: 'Add postal_code to amazon.scope, or to amazon.voluntary_scope.',
      origin: 'stored setting',
    },
  ]
  expect(look({ zip: 'postal_code' })).toEqual(found)
  expect(look({ zip: 'postal_code' }, 'profile postal_code')).toMatchObject({ level: 'ok' })
  expect(look({ zip: ['postal_code', { value: '0' }] })).toMatchObject({ level: 'ok' })
  expect(look({ zip: ['postal_code', 'user_id'] })).toMatchObject({ level: 'ok' })
})

test('a field that is not known is warned of', () => {
  expect(look({ tier: 'tier' })).toMatchObject([
    { level: 'warning', seen: expect.stringContaining('takes "tier" from "tier"') },
  ])
})

test('fields that are not known are told in one sentence, and none where mapProfile may give them', () => {
  const several = { a: 'a1', b: ['b1', 'name'], c: 'c1', d: 'd1' }
  expect(look(several)).toMatchObject([
    {
      seen: expect.stringMatching(
        /^takes "a" from "a1", "b" from "b1", "c" from "c1" and "d" from "d1", which are no known fields of .*: they are left out/,
      ),
    },
  ])
  expect(look({ ...several, e: 'e1' })).toMatchObject([
    { seen: expect.stringContaining('"c" from "c1" and 2 more, which are no known fields') },
  ])
  expect(look({ a: 'a1', b: 'b1' })).toMatchObject([
    { seen: expect.stringContaining('takes "a" from "a1" and "b" from "b1", which are') },
  ])
  expect(look(several, 'profile', true)).toMatchObject({ level: 'ok' })
})
