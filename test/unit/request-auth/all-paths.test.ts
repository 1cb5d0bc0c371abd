import { canonicalPaths } from '../../../src/request-auth/canonical-target'
import { GET, outcome, readsAsTwice, resourceOf, signWith } from './signers'

const TOKENS = '/ a . .. + : ~ % %2F %2f %25 25 2F 3A %3A %3a %2B %20 %41 %61 %2E'.split(' ')

/** All paths of up to `length` tokens after the first slash. */
function allPaths(length: number): string[] {
  if (length === 0) return ['/']
  const shorter = allPaths(length - 1)
  return [...new Set(shorter.flatMap((path) => [path, ...TOKENS.map((token) => path + token)]))]
}

/** Paths in which another reading hides, all sent to the same server. */
const NASTY_PATHS = [
  '/v1/a',
  '/v1/a/',
  '/v1//a',
  '/v1/./a',
  '/v1/b/../a',
  '/v1/b/%2E%2E/a',
  '/v1/b%2F..%2Fa',
  '/v1%2Fa',
  '/v1%2fa',
  '/v1%252Fa',
  '/v1%252fa',
  '/v1%25252Fa',
  '/v1%25%32Fa',
  '/v1/%61',
  '/v1/%2561',
  '/v1/%252561',
  '/v1/app:x',
  '/v1/app%3Ax',
  '/v1/app%3ax',
  '/v1/app%253Ax',
  '/v1/app%253ax',
  '/v1/app%25%33Ax',
  '/v1/app%25253Ax',
  '/v1/a+b',
  '/v1/a%20b',
  '/v1/a%2Bb',
  '/v1/a%2520b',
  '/v1/a%252Bb',
  '/v1/100%25',
  '/v1/100%2525',
  '/v1/100%252525',
  '/v1/%25',
  '/v1/%2525',
  '/v1/~',
  '/v1/%7E',
  '/v1/%257E',
  "/v1/*'()!",
  '/v1/%2A%27%28%29%21',
  '/v1/%252A%2527%2528%2529%2521',
  '/v1/%C3%A9',
  '/v1/%c3%a9',
  '/v1/%25C3%25A9',
]

describe('S6 what a signature says of the path, over all there are', () => {
  test('no canonical path belongs to two resources, over all short paths of nasty tokens', () => {
    const resources = new Map<string, string>()
    const paths = allPaths(4).filter((path) => resourceOf(path) !== undefined)
    const clashes = paths.filter((path) => {
      const resource = resourceOf(path) ?? ''
      return canonicalPaths(path).some((canonical) => {
        const other = resources.get(canonical) ?? resource
        resources.set(canonical, other)
        return other !== resource
      })
    })
    expect(paths.length).toBeGreaterThan(50_000)
    expect(clashes).toEqual([])
  })

  // aws4 and the SDK drop dot segments and repeated slashes from what they sign, so that this is what they signed for.
  const tidy = (path: string) =>
    path.replace(/\/+/g, '/').replace('/./', '/').replace('/b/../', '/')

  test.each([
    ['aws4', () => true],
    // It takes + for a space.
    ['aws4 with doNotEncodePath', (path: string) => !readsAsTwice(path) && !path.includes('+')],
    ['@smithy/signature-v4', () => true],
    ['@smithy/signature-v4 without uriEscapePath', (path: string) => !readsAsTwice(path)],
  ])(
    'signed by %s, a path opens itself and no other resource, over all pairs of nasty paths',
    async (signer, isSignable) => {
      const wrong: string[] = []
      for (const path of NASTY_PATHS.filter(isSignable)) {
        const signed = await signWith(signer, { ...GET, path })
        const meant = [path, tidy(path)].map(resourceOf)
        const opened = NASTY_PATHS.filter((target) => outcome({ ...signed, target }) === 'verified')
        const stolen = opened.filter((target) => !meant.includes(resourceOf(target)))
        wrong.push(...stolen.map((target) => `${path} opens ${target}`))
        if (path === tidy(path) && !opened.includes(path)) wrong.push(`${path} is refused`)
      }
      expect(wrong).toEqual([])
    },
  )
})
