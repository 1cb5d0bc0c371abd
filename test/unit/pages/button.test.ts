import { signInButton, type SignInButtonOptions } from '../../../src'
import { CATALOGUES } from '../../../src/pages/texts/catalogues'

const IMAGES = 'https://images-na.ssl-images-amazon.com/images/G/01/lwa/btnLWA_'

/** As far as these tests look: attributes, by name, of the first element of a kind. */
function attributesOf(markup: string, element: string): Record<string, string> {
  const [, text = ''] = new RegExp(`<${element}\\b([^>]*)>`).exec(markup) ?? []
  return Object.fromEntries(
    Array.from(text.matchAll(/([\w-]+)="([^"]*)"/g), ([, name = '', value = '']) => [name, value]),
  )
}

describe('the button with the image of Amazon', () => {
  test('is a link with the image from its host, sharp on finer screens, and the text Amazon asks for', () => {
    const markup = signInButton({ app: 'shop' })
    expect(attributesOf(markup, 'a')).toEqual({
      class: 'amazon-auth-button',
      href: '/amazon_auth?state=shop',
      rel: 'nofollow',
    })
    expect(attributesOf(markup, 'img')).toEqual({
      src: `${IMAGES}gold_156x32.png`,
      srcset: `${IMAGES}gold_156x32.png, ${IMAGES}gold_312x64.png 2x`,
      width: '156',
      height: '32',
      alt: 'Login with Amazon',
      lang: 'en',
    })
    expect(markup).not.toMatch(/<script|style=|on\w+=/)
  })

  test.each([
    ['32x32', undefined],
    ['76x32', undefined],
    ['156x32', '312x64'],
    ['195x46', '390x92'],
    ['312x64', undefined],
    ['390x92', undefined],
  ] as const)('of %s is shown in its own size, and twice as fine as %s', (size, twice) => {
    const { src, srcset, width, height } = attributesOf(signInButton({ size }), 'img')
    expect(src).toBe(`${IMAGES}gold_${size}.png`)
    expect(`${width}x${height}`).toBe(size)
    expect(srcset).toBe(twice === undefined ? src : `${src}, ${IMAGES}gold_${twice}.png 2x`)
  })

  test.each([
    ['gold', 'light', 'gold'],
    ['gold', 'dark', 'gold'],
    ['dark-gray', 'light', 'drkgry'],
    ['dark-gray', 'dark', 'gry'],
    ['gray', 'light', 'gry'],
    ['gray', 'dark', 'drkgry'],
  ] as const)('in %s on a %s page is %s', (color, theme, file) => {
    const markup = signInButton({ color, theme })
    expect(attributesOf(markup, 'img').src).toBe(`${IMAGES}${file}_156x32.png`)
    expect(markup).not.toContain('<picture')
  })

  test('in a gray follows the system of the visitor, unless it is told the theme', () => {
    const markup = signInButton({ color: 'dark-gray' })
    expect(attributesOf(markup, 'source')).toEqual({
      media: '(prefers-color-scheme: dark)',
      srcset: `${IMAGES}gry_156x32.png, ${IMAGES}gry_312x64.png 2x`,
    })
    expect(attributesOf(markup, 'img').src).toBe(`${IMAGES}drkgry_156x32.png`)
  })
})

describe('the plain button', () => {
  test('loads nothing and speaks the language asked for, whatever its region', () => {
    const markup = signInButton({ style: 'plain', lang: 'de-AT' })
    expect(markup).toMatch(/>Mit Amazon anmelden<\/a/)
    expect(attributesOf(markup, 'a').lang).toBe('de')
    expect(markup).not.toMatch(/<img|src|https?:/)
  })

  test('has colours of its own, or the classes that it is given, and then no style attribute', () => {
    expect(attributesOf(signInButton({ style: 'plain' }), 'a').style).toContain('light-dark(')
    const own = attributesOf(signInButton({ style: 'plain', className: 'btn md:mt-2' }), 'a')
    expect(own.class).toBe('amazon-auth-button amazon-auth-plain btn md:mt-2')
    expect(own.style).toBeUndefined()
  })

  test.each(Array.from(CATALOGUES))('says the text of the catalogue in %s', (lang, texts) => {
    expect(signInButton({ style: 'plain', lang })).toContain(`>${texts.signIn}</a`)
  })
})

describe('for who is signed in', () => {
  const isSignedIn = true

  test('there is no button', () => {
    expect(signInButton({ app: 'shop', isSignedIn })).toBe('')
  })

  test('there is a form that signs out of the app, if that is asked for', () => {
    const options = {
      app: 'shop',
      returnTo: '/orders',
      signedOutTo: '/bye?a=1',
      whenSignedIn: 'sign_out',
      isSignedIn,
    } as const
    const markup = signInButton({ ...options, lang: 'fr' })
    expect(attributesOf(markup, 'form')).toEqual({
      method: 'post',
      action: '/amazon_auth/logout?appid=shop&#38;returnto=%2Fbye%3Fa%3D1',
    })
    expect(markup).toMatch(/<button [^>]*lang="fr">Se déconnecter<\/button>/)
    expect(signInButton({ ...options, isSignedIn: false })).not.toContain('<form')
  })

  test('the sign-out ends at / unless it is told, and not where the sign-in does', () => {
    const markup = signInButton({ returnTo: '/orders', whenSignedIn: 'sign_out', isSignedIn })
    expect(attributesOf(markup, 'form').action).toBe('/amazon_auth/logout')
  })

  test('on another host there is a link in its place, since forms of other hosts sign nobody out', () => {
    const at = 'https://auth.example.com'
    const markup = signInButton({ at, app: 'shop', whenSignedIn: 'sign_out', isSignedIn })
    expect(attributesOf(markup, 'a').href).toBe(`${at}/amazon_auth/logout?appid=shop`)
    expect(markup).not.toContain('<form')
  })
})

test.each([
  [{}, '/amazon_auth'],
  [{ at: '/' }, '/amazon_auth'],
  [{ at: '/auth' }, '/auth/amazon_auth'],
  [{ at: 'https://x.example/a/' }, 'https://x.example/a/amazon_auth'],
  [{ app: 'app:shop', returnTo: '/a&b' }, '/amazon_auth?state=app%3Ashop&#38;returnto=%2Fa%26b'],
] as const)('%j leads to %s', (options, href) => {
  expect(attributesOf(signInButton(options), 'a').href).toBe(href)
})

test('whatever it is given stays within its attribute', () => {
  const odd = `"><script>alert(1)</script>'&`
  for (const style of ['amazon', 'plain'] as const) {
    for (const isSignedIn of [true, false]) {
      const options = { app: odd, returnTo: odd, at: '/"><b>', className: odd, style, isSignedIn }
      const markup = signInButton({ ...options, whenSignedIn: 'sign_out' })
      expect(markup).not.toMatch(/<script|<b>|'/)
      expect(markup.match(/<(?!\/?(?:a|img|form|button)\b)/g)).toBeNull()
    }
  }
})

test.each([
  [{ size: '64x64' }, 'size'],
  [{ color: 'red' }, 'color'],
  [{ theme: 'dusk' }, 'theme'],
  [{ style: 'fancy' }, 'style'],
  [{ whenSignedIn: 'shout' }, 'whenSignedIn'],
  [{ lang: 'xx' }, 'lang'],
  [{ lang: 7 }, 'lang'],
  [{ className: 'x'.repeat(201) }, 'className'],
  [{ at: 'javascript:alert(1)' }, 'at'],
  [{ at: '//evil.test' }, 'at'],
  [{ at: 'auth' }, 'at'],
  [{ app: 7 }, 'app'],
  [{ isSignedIn: 'yes' }, 'isSignedIn'],
  [{ isSignedIn: 1 }, 'isSignedIn'],
  [{ signedOutTo: 7 }, 'signedOutTo'],
  [{ signedOutTo: 'https://evil.test/' }, 'signedOutTo'],
  [{ signedOutTo: '//evil.test' }, 'signedOutTo'],
  [{ colour: 'gold' }, 'colour'],
  [{ toString: 'x' }, 'toString'],
])('%j is a TypeError that names the option', (options, name) => {
  const render = () => signInButton(options as SignInButtonOptions)
  expect(render).toThrow(TypeError)
  expect(render).toThrow(`"${name}"`)
})
