const MASK = '[redacted]'

/** What a secret is called where names and values stand together: in queries, forms, cookies, JSON and settings. */
const NAMES =
  'code|state|token|jwt|access_token|refresh_token|code_verifier|client_secret|az_secret|secret_key|app_secret_key|' +
  'root_secret_key|session_secret|password|authorization|signature|[\\w.-]*amazon-(?:auth|login)[\\w.-]*'

/** Secrets by their form; a group before one is kept. */
const SECRETS: readonly RegExp[] = [
  // Tokens and client secrets of Amazon.
  /()\bAtz[a-z]\|[^\s"'&;,<>)]+/g,
  /()\bamzn1\.oa2-cs\.[\w.-]+/g,
  // JSON Web Tokens.
  /()\beyJ[\w-]{8,}(?:\.[\w-]*)*/g,
  new RegExp(`(\\b(?:${NAMES})=)[^\\s"'&;,<>)]+`, 'gi'),
  new RegExp(`("(?:${NAMES})"\\s*:\\s*)"[^"]*"`, 'gi'),
  /(\b(?:Bearer|Basic)\s+)[^\s"',]+/gi,
  // The password in an address.
  /(:\/\/[^\s/:@]*:)[^\s/@]+(?=@)/g,
  // Keys as we make them: 32 random bytes; and signatures in hex.
  /()(?<![\w-])(?:[\w-]{43}|[\da-f]{64})(?![\w-])/gi,
]

/** Most texts are codes, numbers and names of steps. */
const MAY_HOLD_ONE = /[|=:]|eyJ|amzn1\.|bearer|basic|[\w-]{43}/i

/**
 * Takes out of a text what looks like a secret. Our own errors and log lines hold none; texts of hosts' hooks and stores,
 * and what visitors send as names and paths, may hold any.
 */
export function redactText(text: string): string {
  if (!MAY_HOLD_ONE.test(text)) return text
  return SECRETS.reduce((rest, secret) => rest.replace(secret, `$1${MASK}`), text)
}
