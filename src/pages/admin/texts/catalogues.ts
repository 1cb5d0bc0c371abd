import { EN, type AdminTexts } from './en'

/**
 * The languages of the pages for operators, by the first part of their tags, each loaded when it is first asked for.
 * English, the first, is for everybody else.
 */
export const ADMIN_CATALOGUES: ReadonlyMap<string, () => AdminTexts> = new Map([
  ['en', (): AdminTexts => EN],
])
