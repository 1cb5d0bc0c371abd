import { html, type Html } from '../html'
import type { ButtonLook } from './button-look'

/** The host of the images, for a page's `img-src`. */
export const IMAGE_ORIGIN = 'https://images-na.ssl-images-amazon.com'

/** Colours as they stand in the names of the files, on a light page and on a dark one. */
const FILES = {
  gold: { light: 'gold', dark: 'gold' },
  'dark-gray': { light: 'drkgry', dark: 'gry' },
  gray: { light: 'gry', dark: 'drkgry' },
} as const

/** Sizes of which there is the same button at twice the resolution. */
const TWICE: Partial<Record<ButtonLook['size'], string>> = {
  '156x32': '312x64',
  '195x46': '390x92',
}

/**
 * Amazon's image, unchanged and from where Amazon has it, with the alternative text that Amazon asks for.
 *
 * @see https://developer.amazon.com/docs/login-with-amazon/button.html
 */
export function amazonImage({ size, color, theme }: ButtonLook): Html {
  const [width, height] = size.split('x')
  const { light, dark } = FILES[color]
  const shown = theme === 'dark' ? dark : light
  const image = html`<img
    src="${addressOf(shown, size)}"
    srcset="${sourceSet(shown, size)}"
    width="${width}"
    height="${height}"
    alt="Login with Amazon"
    lang="en"
  />`
  if (theme !== 'auto' || dark === light) return image
  const source = html`<source
    media="(prefers-color-scheme: dark)"
    srcset="${sourceSet(dark, size)}"
  />`
  return html`<picture>${source}${image}</picture>`
}

function sourceSet(color: string, size: ButtonLook['size']): string {
  const twice = TWICE[size]
  const once = addressOf(color, size)
  return twice === undefined ? once : `${once}, ${addressOf(color, twice)} 2x`
}

function addressOf(color: string, size: string): string {
  return `${IMAGE_ORIGIN}/images/G/01/lwa/btnLWA_${color}_${size}.png`
}
