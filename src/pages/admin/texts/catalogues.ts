import { EN, type AdminTexts } from './en'

/** The languages of the pages for operators, by the first part of their tags. English, the first, is for everybody else. */
export const ADMIN_CATALOGUES: ReadonlyMap<string, AdminTexts> = new Map<string, AdminTexts>([
  ['en', EN],
])
