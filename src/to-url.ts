/**
 * The URL that a text is, by itself or seen from a base; undefined: it is none.
 *
 * `URL.canParse` of Node.js 20 and 22 is not asked: once V8 has optimized its caller, it says no to whatever holds a letter such
 * as ü (the name of a host, a path).
 */
export function toUrl(text: string, base?: string | URL): URL | undefined {
  try {
    return new URL(text, base)
  } catch {
    return undefined
  }
}

/** Whether it is one. */
export function isUrl(text: string): boolean {
  return toUrl(text) !== undefined
}
