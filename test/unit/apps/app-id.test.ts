import fc from 'fast-check'
import { normalizeAppId } from '../../../src/apps/app-id'

describe('normalizeAppId', () => {
  test.each([
    ['acme', 'acme'],
    ['app:acme', 'acme'],
    ['  app: acme  ', 'acme'],
    ['My Shop', 'My-Shop'],
    ['my \t shop', 'my-shop'],
    ['a_b-c.d9', 'a_b-c.d9'],
    ['café & co', 'caf--co'],
    ['日本', ''],
    ['APP:acme', 'APPacme'],
    ['acme app:x', 'acme-appx'],
    ['', ''],
    ['app:', ''],
  ])('%j is the app %j', (raw, id) => {
    expect(normalizeAppId(raw)).toBe(id)
  })

  test('a prefix that is there twice is dropped twice, as Para does', () => {
    expect(normalizeAppId('app:app:acme')).toBe('acme')
  })

  test('an app id is its own normal form, of allowed characters only', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (raw) => {
        const id = normalizeAppId(raw)
        expect(normalizeAppId(id)).toBe(id)
        expect(id).toMatch(/^[A-Za-z0-9._-]*$/)
      }),
    )
  })
})
