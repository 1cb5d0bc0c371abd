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
  if ((req.headers['accept-language'] ?? '').length > MAX_CHARACTERS) return EN
  const language = req.acceptsLanguages(...CATALOGUES.keys())
  return language === false ? EN : (CATALOGUES.get(language) ?? EN)
}
