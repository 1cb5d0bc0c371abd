import { createHash } from 'node:crypto'

/** A PKCE challenge as the authorize request brought it. */
export interface CodeChallenge {
  readonly method: 'S256' | 'plain'
  readonly value: string
}

/** RFC 7636, 4.1 and 4.2: verifier and challenge have the same alphabet and lengths. */
const SHAPE = /^[A-Za-z0-9._~-]{43,128}$/

/** Reads challenge and method; `invalid` when either is malformed, undefined when none is sent. */
export function parseCodeChallenge(
  value: string | null,
  method: string | null,
): CodeChallenge | 'invalid' | undefined {
  if (value === null) return method === null ? undefined : 'invalid'
  if (!SHAPE.test(value)) return 'invalid'
  if (method === 'S256') return { method, value }
  return method === null || method === 'plain' ? { method: 'plain', value } : 'invalid'
}

/** Whether the verifier is the one the challenge was made from. */
export function verifyCodeVerifier(verifier: string, challenge: CodeChallenge): boolean {
  if (!SHAPE.test(verifier)) return false
  const { method, value } = challenge
  return method === 'plain'
    ? verifier === value
    : createHash('sha256').update(verifier).digest('base64url') === value
}
