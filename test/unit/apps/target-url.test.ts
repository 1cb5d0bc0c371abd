import fc from 'fast-check'
import { checkTargetUrl, isSafeTarget } from '../../../src/apps/target-url'

describe('S17 addresses to send a browser to', () => {
  test.each([
    '/',
    '/signin?error',
    '/in?jwt=?&x=a%20b#top',
    '/.//evil.example',
    'https://shop.example.com',
    'https://shop.example.com:8443/in?jwt=id',
    'http://localhost:3000/in',
    'HTTPS://shop.example.com/',
    'myapp://signed-in?jwt=?',
    'com.example.app:/signed-in',
  ])('%j is safe', (url) => {
    expect(checkTargetUrl(url)).toBeUndefined()
    expect(isSafeTarget(url)).toBe(true)
  })

  test.each([
    '',
    'signin',
    '?error',
    'shop.example.com/in',
    'localhost:3000/in',
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    'https:\\\\evil.example',
    'https:/evil.example',
    'https:evil.example',
    'https://',
    'https:///evil.example',
    'https://user@evil.example/',
    'https://good.example:x@evil.example/',
    'https://[bad/',
    'javascript:alert(1)',
    'JavaScript://x/%0aalert(1)',
    'javascript:/x',
    'data:text/html,x',
    'data:/text',
    'vbscript:/x',
    'file:///etc/passwd',
    'blob:https://x.example/1',
    'about:/blank',
    'view-source:https://x.example',
    ...['shell', 'res', 'mk', 'livescript', 'content', 'cid'].map((scheme) => `${scheme}://x`),
    '/in\r\nX-Evil: 1',
    '/in\n',
    '/\t/evil.example',
    ' /in',
    '/in\u0000',
    '/in\u0085',
    'java\tscript://x',
  ])('%j is refused with a reason', (url) => {
    expect(checkTargetUrl(url)).toMatch(/^must /)
    expect(isSafeTarget(url)).toBe(false)
  })

  test('a safe path stays on the host it was asked from, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (rest) => {
        const path = `/${rest}`
        fc.pre(isSafeTarget(path))
        expect(new URL(path, 'https://host.example').origin).toBe('https://host.example')
      }),
      { numRuns: 2000 },
    )
  })
})
