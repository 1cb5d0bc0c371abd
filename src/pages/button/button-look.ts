import { CATALOGUES } from '../texts/catalogues'
import type { Texts } from '../texts/en'

/** What a button may look like, by option; the first of each is the default. */
export const CHOICES = {
  style: ['amazon', 'plain'],
  size: ['156x32', '32x32', '76x32', '195x46', '312x64', '390x92'],
  color: ['gold', 'dark-gray', 'gray'],
  theme: ['auto', 'light', 'dark'],
  whenSignedIn: ['hide', 'sign_out'],
} as const

type Choices = typeof CHOICES
type Choice<Name extends keyof Choices> = Choices[Name][number]

/** How a button is asked for; what is left out is the default. */
export interface ButtonOptions {
  /** `amazon` (default): Amazon's own image, from Amazon's host. `plain`: text of ours, which loads nothing and bears no mark of Amazon's. */
  readonly style?: Choice<'style'> | undefined
  /** Size of the image in CSS pixels. Default `156x32`; that and `195x46` are sharp on screens of twice the resolution, too. */
  readonly size?: Choice<'size'> | undefined
  /** Of the image, on a light page; on a dark one the two grays change places. Default `gold`. */
  readonly color?: Choice<'color'> | undefined
  /** Of the page: `auto` (default) follows the visitor's system. */
  readonly theme?: Choice<'theme'> | undefined
  /** Language of the text, `de` or `de-CH`. Amazon's images are in English. Default: that of the browser; in `signInButton()`, English. */
  readonly lang?: string | undefined
  /** What those see who are signed in: nothing (`hide`, the default), or a way to sign out. */
  readonly whenSignedIn?: Choice<'whenSignedIn'> | undefined
  /** Classes in place of the plain button's own colours; it then has no `style` attribute, which a strict policy forbids. Default: none. */
  readonly className?: string | undefined
}

/** What has been decided of it. */
export interface ButtonLook extends Readonly<{ [Name in keyof Choices]: Choice<Name> }> {
  readonly texts: Texts
  readonly className: string | undefined
}

const MAX_CLASS_CHARACTERS = 200

/**
 * @param asked By the names of {@link ButtonOptions}, unchecked.
 * @param texts Where no language is asked for.
 * @param refuse Makes the error to throw of a sentence and the name of the option that cannot be used.
 */
export function parseLook(
  asked: Readonly<Partial<Record<keyof ButtonOptions, unknown>>>,
  texts: Texts,
  refuse: (option: keyof ButtonOptions, problem: string) => Error,
): ButtonLook {
  function choose<Name extends keyof Choices>(name: Name): Choice<Name> {
    const choices: readonly Choice<Name>[] = CHOICES[name]
    const given = asked[name] ?? choices[0]
    const choice = choices.find((each) => each === given)
    if (choice === undefined) throw refuse(name, `must be one of ${choices.join(', ')}.`)
    return choice
  }
  function chooseTexts(lang: unknown): Texts {
    if (lang === undefined) return texts
    const language = typeof lang === 'string' ? lang.toLowerCase().split('-', 1)[0] : ''
    const found = CATALOGUES.get(language ?? '')
    if (found === undefined) {
      throw refuse('lang', `must be one of ${Array.from(CATALOGUES.keys()).join(', ')}.`)
    }
    return found
  }
  function takeClasses(classes: unknown): string | undefined {
    if (classes === undefined) return undefined
    if (typeof classes === 'string' && classes.length <= MAX_CLASS_CHARACTERS) return classes
    throw refuse('className', `must be text of at most ${MAX_CLASS_CHARACTERS} characters.`)
  }
  return {
    style: choose('style'),
    size: choose('size'),
    color: choose('color'),
    theme: choose('theme'),
    whenSignedIn: choose('whenSignedIn'),
    texts: chooseTexts(asked.lang),
    className: takeClasses(asked.className),
  }
}
