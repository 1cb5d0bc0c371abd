import { randomText, sha256 } from '../crypto/random'

/** Proof Key for Code Exchange: binds an authorization code to the one who asked for it. */
export interface Pkce {
  readonly verifier: string
  readonly challenge: string
}

/** @see RFC 7636, sections 4.1 and 4.2 (S256); the verifier has 256 bits. */
export function createPkce(): Pkce {
  const verifier = randomText(32)
  return { verifier, challenge: sha256(verifier) }
}
