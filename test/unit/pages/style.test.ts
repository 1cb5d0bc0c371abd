import { BASE } from '../../../src/pages/style/base'
import { COMPONENTS } from '../../../src/pages/style/components'
import { TOKENS } from '../../../src/pages/style/tokens'

const GROUNDS = ['--ground', '--card', '--code', '--tint']
const KINDS = ['--good', '--warn', '--alarm']

/** Text and what it stands on, as the components put them together. */
const TEXTS = [
  ...[...GROUNDS, ...KINDS.map((kind) => `${kind}-tint`)].flatMap((ground) => [
    ['--ink', ground],
    ['--soft', ground],
  ]),
  ...['--ground', '--card', '--tint'].map((ground) => ['--accent', ground]),
  ...KINDS.flatMap((kind) => ['--ground', '--card', `${kind}-tint`].map((on) => [kind, on])),
  ['--accent-ink', '--accent'],
  ['--card', '--alarm'],
  ['--soft', '--line'],
].map(([text = '', ground = '']) => ({ text, ground }))

describe.each([
  ['light', valuesOf(TOKENS.slice(0, TOKENS.indexOf('@media')))],
  ['dark', valuesOf(TOKENS.slice(TOKENS.indexOf('@media')))],
])('the tokens, %s', (_mode, values) => {
  test.each(TEXTS)('$text can be read on $ground', ({ text, ground }) => {
    expect(contrast(values.get(text), values.get(ground))).toBeGreaterThanOrEqual(4.5)
  })

  test.each(['--ground', '--card'])('the edge of a field is seen on %s', (ground) => {
    expect(contrast(values.get('--edge'), values.get(ground))).toBeGreaterThanOrEqual(3)
  })
})

test('components and base name no token that there is not, and no colour of their own', () => {
  const sheet = BASE + COMPONENTS
  const named = [...sheet.matchAll(/var\((--[\w-]+)/g)].map(([, name = '']) => name)
  const known = new Set([...TOKENS.matchAll(/(--[\w-]+):/g)].map(([, name]) => name))
  expect(named.filter((name) => !known.has(name))).toEqual([])
  expect(sheet).not.toMatch(/#[\da-f]{3,8}\b|rgba?\(|hsla?\(/i)
})

function valuesOf(css: string): ReadonlyMap<string, string> {
  return new Map([...css.matchAll(/(--[\w-]+): (#[\da-f]+)/g)].map(([, a = '', b = '']) => [a, b]))
}

/** @see https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
function contrast(one: string | undefined, other: string | undefined): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

function luminance(colour = ''): number {
  const short = /^#(.)(.)(.)$/.exec(colour)
  const digits = short ? short.slice(1).map((digit) => digit + digit) : colour.match(/[\da-f]{2}/g)
  const [red = NaN, green = NaN, blue = NaN] = (digits ?? []).map((pair) => {
    const share = parseInt(pair, 16) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
