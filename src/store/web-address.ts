import { isUrl } from '../to-url'

/** The address of a picture that any page may show; undefined: it is none of the web, such as `javascript:` or `data:`. */
export function webAddress(text: string | undefined): string | undefined {
  return text !== undefined && /^\s*https?:\/\/[^/]/i.test(text) && isUrl(text) ? text : undefined
}
