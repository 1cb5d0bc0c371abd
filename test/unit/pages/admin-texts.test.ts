import { ADMIN_CATALOGUES } from '../../../src/pages/admin/texts/catalogues'
import { EN, type AdminTexts } from '../../../src/pages/admin/texts/en'
import { CATALOGUES } from '../../../src/pages/texts/catalogues'

type Texted = readonly [key: string, text: string]

/** Every text of a catalogue, by its key. */
function textsOf(catalogue: object, before = ''): readonly Texted[] {
  return Object.entries(catalogue).flatMap(([key, value]: [string, unknown]): readonly Texted[] => {
    if (typeof value === 'object' && value !== null) return textsOf(value, `${before}${key}.`)
    return [[before + key, String(value)]]
  })
}

const NAMES = /\{[a-z]\w*\}/g
const namesIn = (text = ''): readonly string[] => (text.match(NAMES) ?? []).sort()
/** It shows an object in JSON. */
const JSON_SHOWN = 'settings.help.claims'
const english = new Map(textsOf(EN))
const others = Array.from(
  ADMIN_CATALOGUES,
  ([language, load]) => [language, load()] as const,
).slice(1)

test('English comes first, and no language that the other pages do not speak', () => {
  const [first] = ADMIN_CATALOGUES.keys()
  expect(first).toBe('en')
  expect(Array.from(CATALOGUES.keys())).toEqual(
    expect.arrayContaining([...ADMIN_CATALOGUES.keys()]),
  )
})

test('a catalogue that lacks a key does not compile', () => {
  // @ts-expect-error All keys but one are missing.
  const short: AdminTexts = { lang: 'xx' }
  expect(Object.keys(short)).not.toContain('common')
})

describe.each(others)('the texts for operators in %s', (language, texts) => {
  const own = textsOf(texts)

  test('tell the same language and direction as those of the other pages', () => {
    const { lang, dir } = CATALOGUES.get(language) ?? {}
    expect([texts.lang, texts.dir]).toEqual([lang, dir])
  })

  test('have every key, and none that English does not have', () => {
    expect(own.map(([key]) => key).sort()).toEqual([...english.keys()].sort())
  })

  test('have the same names in braces as in English', () => {
    for (const [key, text] of own) {
      expect([key, namesIn(text)]).toEqual([key, namesIn(english.get(key))])
      if (key === JSON_SHOWN) continue
      const rest = text.replaceAll(NAMES, '')
      expect([key, rest]).toEqual([key, expect.not.stringMatching(/[{}]/)])
    }
  })

  test('are neat: not blank, no space too many, composed characters, no straight quotes', () => {
    for (const [key, text] of own) {
      expect([key, text]).toEqual([key, text.trim().normalize('NFC')])
      const rest = key === JSON_SHOWN ? text.replaceAll('"', '') : text
      expect([key, rest]).toEqual([key, expect.stringMatching(/^(?!.* {2})(?!.*["'<&]).+$/u)])
    }
  })

  test('end with a full stop where English does, in the writing of their language', () => {
    for (const [key, text] of own) {
      const isSentence = english.get(key)?.endsWith('.') === true
      expect([key, /[.。]$/.test(text)]).toEqual([key, isSentence])
    }
  })

  test('are not left in English: two words may be the same in both, more are not', () => {
    const words = /(?<![\p{L}_])(the|you|your|sign|please|again|with|there|cannot)(?![\p{L}_])/iu
    const left = own.filter(([key, text]) => {
      const rest = text.replaceAll(NAMES, '').replaceAll('Login with Amazon', '')
      const isSame = text === english.get(key) && (rest.match(/\p{L}{3,}/gu) ?? []).length > 2
      return isSame || words.test(rest)
    })
    expect(left).toEqual([])
  })
})
