/**
 * Whether a text is a URL, by itself or seen from a base.
 *
 * `URL.canParse` of Node.js 20 is not asked: once V8 has optimized its caller, it says no to whatever holds a letter such as ü
 * (the name of a host, a path).
 */
export function isUrl(text: string, base?: string): boolean {
  try {
    new URL(text, base)
    return true
  } catch {
    return false
  }
}
