import type { AmazonAuthError } from '../../errors'
import type { HtmlValue } from '../html'
import { inEnglish } from '../in-english'
import type { AdminTexts } from './texts/en'

/** What an error tells people, in the language of the page as far as it is known there, else marked as English. */
export function toldProblem({ facts, message }: AmazonAuthError, texts: AdminTexts): HtmlValue {
  const flaws = new Map<unknown, string>(Object.entries(texts.webhooks.flaws))
  return facts.lang === texts.lang ? message : (flaws.get(facts.flaw) ?? inEnglish(message))
}
