import type { Json } from './settings'

/** The value of a setting as somebody wrote it: JSON; what is not JSON is text, so `shop.example` needs no quotes. */
export function jsonOrText(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    return text
  }
}
