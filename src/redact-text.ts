const MASK = '[redacted]'

/** Longest part of a text that is looked at and written. Messages of databases that quote a whole statement are longer. */
export const MAX_TEXT_CHARACTERS = 4_096

/** What a secret is called where names and values stand together: in queries, forms, JSON and settings. */
const NAMES =
  '(?:code|state|token|jwt|handoff|access_token|refresh_token|code_verifier|client_secret|az_secret|secret_key|app_secret_key|' +
  'root_secret_key|session_secret|password|authorization|signature)'
/** Our cookies, from where their name begins to be ours. */
const COOKIES = 'amazon-(?:auth|login)[\\w.-]{0,80}'

/** Where a text was cut: what looks like the beginning of a secret there is taken for one. */
const CUT = '…'

/**
 * Secrets by their form; a group before one is kept. Each pattern takes steps in proportion to the text, whatever the
 * text is: repeats without a bound stand only where the next attempt cannot run over the same characters again.
 */
export const SECRETS: readonly RegExp[] = [
  // Tokens and client secrets of Amazon.
  /()\bAtz[a-z]\|[^\s"'&;,<>)]+/g,
  /()\bamzn1\.oa2-cs\.[\w.-]+/g,
  // JSON Web Tokens.
  /()\beyJ[\w-]{8,}(?:\.[\w-]*)*/g,
  new RegExp(`((?:\\b${NAMES}|${COOKIES})=)[^\\s"'&;,<>)]+`, 'gi'),
  // JSON, also where it is the text of a JSON string; the end of the value may be cut off.
  new RegExp(`((?:"${NAMES}|${COOKIES})\\\\?"\\s*:\\s*\\\\?)"(?:[^"\\\\]|\\\\[^])*\\\\?"?`, 'gi'),
  /(\b(?:Bearer|Basic)\s+)[^\s"',]+/gi,
  // The password in an address.
  new RegExp(`(://[^\\s/:@]*:)[^\\s/@${CUT}]+(?=[@${CUT}])`, 'g'),
  // Keys as we make them: 32 random bytes; and signatures in hex.
  /()(?<![\w-])(?:[\w-]{43}|[\da-f]{64})(?![\w-])/gi,
]

/** Most texts are codes, numbers and names of steps. */
const MAY_HOLD_ONE = /[|=:]|eyJ|amzn1\.|bearer|basic|[\w-]{43}/i

/**
 * Takes out of a text what looks like a secret, and what is beyond {@link MAX_TEXT_CHARACTERS}. Our own errors and log
 * lines hold no secret; texts of hosts' hooks and stores, and what visitors send as names and paths, may hold any.
 */
export function redactText(text: string): string {
  if (text.length <= MAX_TEXT_CHARACTERS) return redact(text)
  const head = wholeWords(text.slice(0, MAX_TEXT_CHARACTERS))
  return `${redact(`${head}${CUT}`)} (${text.length - head.length} more characters)`
}

function redact(text: string): string {
  if (!MAY_HOLD_ONE.test(text)) return text
  return SECRETS.reduce((rest, secret) => rest.replace(secret, `$1${MASK}`), text)
}

/** A text up to the last sign that ends a secret: half a key or token would no longer look like one. */
function wholeWords(text: string): string {
  let end = text.length
  while (end > 0 && !/[\s"'&;,<>)]/.test(text.charAt(end - 1))) end -= 1
  return text.slice(0, end)
}
