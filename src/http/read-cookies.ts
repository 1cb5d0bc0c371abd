/**
 * The cookies of a Cookie header, by name; of two with one name the first counts.
 *
 * A map, not an object: names that differ from login to login would make V8 build a hidden class for each.
 */
export function readCookies(header: string): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>()
  for (const pair of header.split(';')) {
    const end = pair.indexOf('=')
    const name = pair.slice(0, end).trim()
    if (end > 0 && !cookies.has(name)) cookies.set(name, decode(pair.slice(end + 1).trim()))
  }
  return cookies
}

/** A cookie, if there is one of exactly this name, and no second one: which of two is ours cannot be told. */
export function findCookie(header: string, name: string): string | undefined {
  let found: string | undefined
  for (const pair of header.split(';')) {
    const end = pair.indexOf('=')
    if (end < 1 || pair.slice(0, end).trim() !== name) continue
    if (found !== undefined) return undefined
    found = pair.slice(end + 1).trim()
  }
  return found === undefined ? undefined : decode(found)
}

/** RFC 6265, section 4.1.1 allows quotes; what Express writes is percent-encoded. */
function decode(text: string): string {
  const bare = text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text
  if (!bare.includes('%')) return bare
  try {
    return decodeURIComponent(bare)
  } catch {
    return bare
  }
}
