import { failurePage } from '../../../src/pages/failure-page'
import { homePage } from '../../../src/pages/home-page'
import { notFoundPage } from '../../../src/pages/not-found-page'
import { outagePage } from '../../../src/pages/outage-page'
import { renderPage, type Page } from '../../../src/pages/page'
import { signinPage } from '../../../src/pages/signin-page'
import { signoutPage } from '../../../src/pages/signout-page'
import { tryPage } from '../../../src/pages/try-page'
import type { TryReport } from '../../../src/pages/try-report'
import { tryLinkPage, tryStartPage } from '../../../src/pages/try-start-page'
import { CATALOGUES } from '../../../src/pages/texts/catalogues'
import { EN, type Texts } from '../../../src/pages/texts/en'
import { fill } from '../../../src/pages/texts/fill'
import { ERRORS, type ErrorCode } from '../../../src/errors'

const TRIED: TryReport = {
  app: 'aenima',
  ok: false,
  steps: [{ step: 'fetch_profile', ms: 1.25, ok: false }],
  asked: { client_id: 'x' },
  received: null,
  profile: { name: 'Ænima <b>' },
  read: null,
  mapped: null,
  user: null,
  tokens: [{ kind: 'id_token', claims: { sub: '1' } }],
  target: { url: '/?jwt=id', means: 'id_token' },
  failure: {
    step: 'fetch_profile',
    code: 'profile_rejected',
    message: 'No.',
    advice: 'Try.',
    amazon: { error: 'Ænima <b>' },
    doctor: [{ check: 'scope', level: 'warning', seen: 'x', fix: 'y' }],
  },
  again: '/again',
}

type Texted = readonly [key: string, text: string]

/** Every text of a catalogue, by its key. */
function textsOf(catalogue: object, before = ''): readonly Texted[] {
  return Object.entries(catalogue).flatMap(([key, value]: [string, unknown]): readonly Texted[] => {
    if (typeof value === 'object' && value !== null) return textsOf(value, `${before}${key}.`)
    return [[before + key, String(value)]]
  })
}

const namesIn = (text = ''): readonly string[] => (text.match(/\{[^}]*\}/g) ?? []).sort()
const english = new Map(textsOf(EN))
const languages = Array.from(CATALOGUES)
const others = languages.filter(([language]) => language !== 'en')

test('there are ten languages, English first', () => {
  expect(languages.map(([language]) => language)).toEqual([
    ...['en', 'de', 'fr', 'es', 'it', 'pt', 'nl', 'pl', 'ja', 'zh'],
  ])
})

describe.each(languages)('the texts in %s', (language, texts) => {
  const own = new Map(textsOf(texts))

  test('are filed under the first part of their tag', () => {
    expect(Intl.getCanonicalLocales(texts.lang)).toEqual([texts.lang])
    expect(texts.lang.split('-')[0]).toBe(language)
    const { direction } = textInfo(texts.lang)
    expect(texts.dir).toBe(direction)
  })

  test('have every key, and none that English does not have', () => {
    expect(Array.from(own.keys()).sort()).toEqual(Array.from(english.keys()).sort())
  })

  test('have the same names in braces as in English', () => {
    for (const [key, text] of own) {
      expect([key, namesIn(text)]).toEqual([key, namesIn(english.get(key))])
      expect([key, text.replaceAll(/\{[a-z]\w*\}/g, '')]).toEqual([
        key,
        expect.not.stringMatching(/[{}]/),
      ])
    }
  })

  test('are neat: not blank, no space too many, composed characters, no straight quotes', () => {
    for (const [key, text] of own) {
      expect([key, text]).toEqual([key, text.trim().normalize('NFC')])
      expect([key, text]).toEqual([key, expect.stringMatching(/^(?!.* {2})(?!.*["'<&]).+$/u)])
    }
  })

  test('end with a full stop where English does, in the writing of their language', () => {
    for (const [key, text] of own) {
      const isSentence = english.get(key)?.endsWith('.') === true
      expect([key, /[.。]$/.test(text)]).toEqual([key, isSentence])
    }
  })
})

describe.each(others)('of the texts in %s', (_language, texts) => {
  test('none is left in English', () => {
    const left = textsOf(texts).filter(
      ([key, text]) => key !== 'dir' && text.toLowerCase() === english.get(key)?.toLowerCase(),
    )
    expect(left).toEqual([])
  })

  test('none holds a word that only English has', () => {
    const words = /\b(the|you|your|sign|please|again|with|there|cannot)\b/i
    const left = textsOf(texts).filter(([, text]) => words.test(text.replaceAll(/\{\w+\}/g, '')))
    expect(left).toEqual([])
  })
})

describe.each(languages)('the pages in %s', (_language, texts) => {
  const app = { name: 'Ænima <b>' }
  const visitor = { app, user: { name: 'مريم' } }
  const nobody = { app: undefined, user: undefined }
  const tried = { appName: app.name, guide: '/guide' }
  const codes = Object.keys(ERRORS) as ErrorCode[]
  const pages: readonly Page[] = [
    failurePage(undefined, texts),
    ...codes.map((code) => failurePage({ code, appName: app.name, again: '/x' }, texts)),
    homePage(visitor, { signsIn: true, operators: 'admin' }, texts),
    homePage(nobody, { signsIn: true, operators: undefined }, texts),
    homePage(nobody, { signsIn: false, operators: 'admin' }, texts),
    notFoundPage(texts),
    outagePage('signOutFailed', texts),
    outagePage('wentWrong', texts),
    signinPage(true, texts),
    signinPage(false, texts),
    signoutPage(texts, false),
    signoutPage(texts, true),
    tryStartPage({ appName: app.name, beginsAt: '/x', leftMinutes: 9, guide: '/guide' }, texts),
    tryLinkPage('try_link_invalid', texts),
    tryLinkPage('app_not_found', texts),
    tryPage(TRIED, tried, texts),
    tryPage({ ...TRIED, user: { isNew: false, changes: ['name'], record: {} } }, tried, texts),
  ]

  test('tell their language, leave no name in braces, and escape names', () => {
    for (const page of pages) {
      const markup = renderPage(page)
      expect(markup).toContain(`<html lang="${texts.lang}" dir="${texts.dir}">`)
      const [, body = ''] = markup.split('<body>')
      expect(body).not.toMatch(/[{}]|undefined|<b>\s*$/)
      expect(body).not.toContain('Ænima <b>')
      expect(markup).toMatch(/<title>[^<]+<\/title>/)
    }
  })

  test('keep names apart from the direction of what is around them', () => {
    expect(renderPage(homePage(visitor, { signsIn: true, operators: undefined }, texts))).toContain(
      '<b><bdi>مريم</bdi></b>',
    )
  })
})

test('fill() puts text in as text and markup as markup, and what has no value leaves nothing', () => {
  const { markup } = fill('{who} & {where}{gone}.', { who: '<i>', where: fill('here', {}) })
  expect(markup).toBe('&#60;i&#62; &#38; here.')
})

/** Node.js before 21 has it as a property. */
function textInfo(lang: string): { direction: string } {
  const locale = new Intl.Locale(lang) as Intl.Locale & {
    readonly textInfo?: { direction: string }
    getTextInfo?(): { direction: string }
  }
  return locale.getTextInfo?.() ?? locale.textInfo ?? { direction: 'ltr' }
}

test('a catalogue that lacks a key does not compile', () => {
  // @ts-expect-error All keys but one are missing.
  const short: Texts = { lang: 'xx' }
  expect(Object.keys(short)).not.toContain('signIn')
})
