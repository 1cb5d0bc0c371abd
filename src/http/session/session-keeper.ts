import type { SignIns } from '../../sessions/sign-ins'

/** A session that keeps sign-ins: the host's, or one of ours. Every method rejects with `store_unavailable`. */
export interface SessionKeeper {
  readonly owner: 'host' | 'us'
  /** Whether its cookie is one that only browsers that speak https with us can have. */
  readonly isSecure: boolean
  read(): SignIns | undefined
  /** Nobody waits until it is stored. */
  note(signIns: SignIns): void
  /** Keeps sign-ins under a new session id. Stored before the browser is answered. */
  begin(signIns: SignIns): Promise<void>
  write(signIns: SignIns): Promise<void>
  /** Ends all sign-ins. */
  end(): Promise<void>
}
