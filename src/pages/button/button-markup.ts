import { html, type Html } from '../html'
import { amazonImage } from './amazon-image'
import type { ButtonLook } from './button-look'

/** Where a button leads. */
export interface ButtonPlaces {
  readonly signIn: string
  readonly signOut: string
  /** Whether the page lies on another origin than these: its forms are no sign-outs then, so that a link leads to the question. */
  readonly isElsewhere: boolean
}

/** A button to include in a page: what leads to the sign-in, or, for who is signed in, out of it or nowhere. */
export function buttonMarkup(look: ButtonLook, places: ButtonPlaces, isSignedIn: boolean): Html {
  if (!isSignedIn) return signInLink(look, places.signIn)
  return look.whenSignedIn === 'sign_out' ? signOutButton(look, places) : html``
}

/** A link, which every policy of a page lets through: a form would need Amazon's host in `form-action`. */
function signInLink(look: ButtonLook, address: string): Html {
  const { style, texts } = look
  if (style === 'amazon') {
    const classes = classesOf('amazon-auth-button', look)
    return html`<a class="${classes}" href="${address}" rel="nofollow">${amazonImage(look)}</a>`
  }
  return plainLink(look, address, texts.signIn)
}

function plainLink(look: ButtonLook, address: string, text: string): Html {
  const classes = classesOf('amazon-auth-button amazon-auth-plain', look)
  const style = look.className === undefined ? html` style="${COLORS[look.theme]}"` : undefined
  return html`<a
    class="${classes}"
    href="${address}"
    rel="nofollow"
    lang="${look.texts.lang}"
    ${style}
    >${text}</a
  >`
}

function signOutButton(look: ButtonLook, { signOut, isElsewhere }: ButtonPlaces): Html {
  const { lang, signOut: text } = look.texts
  if (isElsewhere) return plainLink(look, signOut, text)
  const classes = classesOf('amazon-auth-sign-out', look)
  return html`<form method="post" action="${signOut}">
    <button class="${classes}" lang="${lang}">${text}</button>
  </form>`
}

function classesOf(own: string, { className }: ButtonLook): string {
  return className === undefined ? own : `${own} ${className}`
}

const SHAPE =
  'display:inline-block;padding:.5em 1em;border:1px solid #767676;border-radius:.4em;font:inherit;text-decoration:none'
const LIGHT = `${SHAPE};background:#fff;color:#1d2433`
const COLORS = {
  light: LIGHT,
  dark: `${SHAPE};background:#1a1f2a;color:#e9ecf3`,
  // Follows the `color-scheme` of the page: one that has no dark colours stays light.
  auto: `${LIGHT};background:light-dark(#fff,#1a1f2a);color:light-dark(#1d2433,#e9ecf3)`,
} as const satisfies Record<ButtonLook['theme'], string>
