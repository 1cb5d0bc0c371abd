/** Claims of a token whose signature is good, as far as they are looked at. A type of ours, as those of the library are not installed with hosts. */
export interface Claims {
  readonly [name: string]: unknown
  readonly sub?: string | undefined
  readonly exp?: number | undefined
  readonly nbf?: number | undefined
  readonly iat?: number | undefined
  readonly jti?: string | undefined
}
