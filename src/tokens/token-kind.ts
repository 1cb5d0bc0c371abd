/** Kinds of token: an ID token tells a page who has signed in, a session token calls the API, a super token is the app's own. */
export type TokenKind = 'id' | 'session' | 'super'

/**
 * What the header `typ` says of a token issued here, so that none is taken for one of the other kind.
 *
 * @see RFC 8725, section 3.11
 */
export const TOKEN_TYPES = { id: 'id+jwt', session: 'session+jwt' } as const
