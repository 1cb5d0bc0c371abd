import type { AmazonTokens } from '../amazon/parse-tokens'
import type { Sealer } from '../crypto/sealer'
import type { DeviceKey } from './device-login'

/** What a person has allowed. */
export interface LinkedDevice {
  readonly tokens: AmazonTokens
  /** When Amazon issued them, in milliseconds since 1970. */
  readonly givenAtMs: number
  /** Client that Amazon has issued them to, if it has done what it was asked. */
  readonly clientId: string
  /** Whether that is proven, by the client's own secret. */
  readonly isProven: boolean
}

interface Box<T extends object> {
  seal(key: DeviceKey, content: T): string
  /** Undefined: it was changed, moved or sealed by a key that is gone. */
  open(key: DeviceKey, sealed: string): T | undefined
}

interface SealedPair {
  readonly deviceCode: string
  readonly userCode: string
  readonly clientId: string
}

/** What is kept sealed of a login: its codes while it is open, then its tokens. Each is bound to its login and to what it is. */
export function createBoxes(sealer: Sealer): {
  readonly pair: Box<SealedPair>
  readonly linked: Box<LinkedDevice>
} {
  const box = <T extends object>(what: string): Box<T> => {
    const bound = ({ appId, handleHash }: DeviceKey) => `${what} ${appId} ${handleHash}`
    return {
      seal: (key, content) => sealer.seal(JSON.stringify(content), bound(key)),
      open(key, sealed) {
        const text = sealer.open(sealed, bound(key))
        return text === undefined ? undefined : (JSON.parse(text) as T)
      },
    }
  }
  return { pair: box('pair'), linked: box('linked') }
}
