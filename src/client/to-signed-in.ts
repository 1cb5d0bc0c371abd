import type { UserJson } from '../users/user-json'
import type { SignedIn } from './client'

/** A sign-in as the server answers it. */
export interface SignedInJson {
  readonly jwt: {
    readonly access_token: string
    readonly refresh: number
    readonly expires: number
  }
  readonly user: UserJson
}

export function toSignedIn({ jwt, user }: SignedInJson): SignedIn {
  return { token: jwt.access_token, refreshAtMs: jwt.refresh, expiresAtMs: jwt.expires, user }
}
