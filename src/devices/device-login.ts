/**
 * Where a device's login stands: `new` (a place is kept while Amazon is asked for codes), `open` (a person has to type the
 * code), `linked` (a person has allowed it, and Amazon has issued its token), and the ends: `done` (signed in, once),
 * `denied`, `ended` (expired, used or void).
 */
export type DeviceState = 'new' | 'open' | 'linked' | 'done' | 'denied' | 'ended'

/** Names a device's login in the store. */
export interface DeviceKey {
  readonly appId: string
  /** Of the handle, which only the device has. */
  readonly handleHash: string
}

/** A device's login as it is stored. */
export interface DeviceLogin {
  readonly state: DeviceState
  /** What Amazon has given: the pair of codes while open, then its access token; empty at an end. */
  readonly sealed: string
  /** Least time between two polls, as far as Amazon has told. */
  readonly intervalMs: number
  /** Nothing is asked of Amazon for it before; while somebody asks, when his claim ends. Milliseconds since 1970. */
  readonly nextPollAtMs: number
  readonly expiresAtMs: number
}

/** How many logins of devices may wait for a person at a time. 0: as many as they like. */
export interface DeviceBounds {
  readonly perApp: number
  /** Of one app, from one address. */
  readonly perAddress: number
}

/**
 * Where logins of devices are kept. Whoever wants to ask Amazon about one claims it first, for a time, and then settles
 * it: of all nodes one at a time can. Every method rejects with `store_unavailable` when the store does not answer.
 */
export interface DeviceLoginStore {
  /**
   * Adds one, claimed until its `nextPollAtMs`, unless as many as may be are open.
   *
   * @param address Names whoever asks, without telling the address.
   */
  insert(
    key: DeviceKey,
    login: DeviceLogin & { readonly address: string },
    bounds: DeviceBounds,
    nowMs: number,
  ): Promise<boolean>
  find(key: DeviceKey): Promise<DeviceLogin | undefined>
  /** Claims one in that state whose time has come and that is not expired; undefined: it is none, or somebody else's. */
  claim(
    key: DeviceKey,
    state: DeviceState,
    nowMs: number,
    untilMs: number,
  ): Promise<DeviceLogin | undefined>
  /** Writes what has become of a claimed one. False: the claim is over, and nothing is written. */
  settle(key: DeviceKey, claimedUntilMs: number, login: DeviceLogin): Promise<boolean>
  /** Removes at most `limit` of those that ended before; returns how many. */
  deleteExpired(beforeMs: number, limit: number): Promise<number>
}
