/* oxlint-disable typescript/no-require-imports -- of ten languages, a server of operators loads one or two */
import type * as German from './de'
import { EN, type AdminTexts } from './en'
import type * as Spanish from './es'
import type * as French from './fr'
import type * as Italian from './it'
import type * as Japanese from './ja'
import type * as Dutch from './nl'
import type * as Polish from './pl'
import type * as Portuguese from './pt'
import type * as Chinese from './zh'

/**
 * The languages of the pages for operators, by the first part of their tags, each loaded when it is first asked for.
 * English, the first, is for everybody else.
 */
export const ADMIN_CATALOGUES: ReadonlyMap<string, () => AdminTexts> = new Map([
  ['en', (): AdminTexts => EN],
  ['de', () => (require('./de') as typeof German).DE],
  ['fr', () => (require('./fr') as typeof French).FR],
  ['es', () => (require('./es') as typeof Spanish).ES],
  ['it', () => (require('./it') as typeof Italian).IT],
  ['pt', () => (require('./pt') as typeof Portuguese).PT],
  ['nl', () => (require('./nl') as typeof Dutch).NL],
  ['pl', () => (require('./pl') as typeof Polish).PL],
  ['ja', () => (require('./ja') as typeof Japanese).JA],
  ['zh', () => (require('./zh') as typeof Chinese).ZH],
])
