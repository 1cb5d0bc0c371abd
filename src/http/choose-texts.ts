import type { Request } from 'express'

import { CATALOGUES } from '../pages/texts/catalogues'
import { EN, type Texts } from '../pages/texts/en'

/** No browser sends more, and comparing languages takes time in proportion to it. */
const MAX_CHARACTERS = 512

/**
 * What a page for this visitor says: in the language that they like best of those it speaks (`Accept-Language`), whatever
 * their region; else in English.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-12.5.4
 */
export function chooseTexts(req: Request): Texts {
  return chooseFrom(CATALOGUES, req) ?? EN
}

/** Of some catalogues that which a visitor likes best; undefined: none. */
export function chooseFrom<T>(catalogues: ReadonlyMap<string, T>, req: Request): T | undefined {
  if ((req.headers['accept-language'] ?? '').length > MAX_CHARACTERS) return undefined
  const language = req.acceptsLanguages(...catalogues.keys())
  return language === false ? undefined : catalogues.get(language)
}
