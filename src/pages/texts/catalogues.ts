import { DE } from './de'
import { EN, type Texts } from './en'
import { ES } from './es'
import { FR } from './fr'
import { IT } from './it'
import { JA } from './ja'
import { NL } from './nl'
import { PL } from './pl'
import { PT } from './pt'
import { ZH } from './zh'

/** The languages that the built-in pages speak, by the first part of their tags. English, the first, is for everybody else. */
export const CATALOGUES: ReadonlyMap<string, Texts> = new Map([
  ['en', EN],
  ['de', DE],
  ['fr', FR],
  ['es', ES],
  ['it', IT],
  ['pt', PT],
  ['nl', NL],
  ['pl', PL],
  ['ja', JA],
  ['zh', ZH],
])
