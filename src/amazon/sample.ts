const SECONDS = 10
const MIN_REQUESTS = 20
/** Requests of one app that count in a common sample, its last ones: three apps fill a sample, two do not. */
const SHARE = 7

/** What came of the requests of the last 10 s. It counts by seconds, so that it grows with neither requests nor apps. */
export interface Sample {
  add(failed: boolean): void
  /** Adds to a common sample, where an app counts for no more than its share. */
  addFor(share: Share, failed: boolean): void
  /** Whether half of at least 20 requests failed, and requests of so many apps. */
  isFailing(minAppsFailed?: number): boolean
  clear(): void
}

/** What of a common sample is one app's. */
export interface Share {
  readonly requests: { readonly second: Second; readonly failed: boolean }[]
  failedIn: Second | undefined
}

interface Second {
  readonly at: number
  requests: number
  failures: number
  /** Apps that failed in this second, and in none since. */
  appsFailed: number
}

export function createSample(): Sample {
  let seconds: readonly Second[] = []

  function current(): Second {
    const at = Math.floor(Date.now() / 1000)
    const last = seconds.at(-1)
    if (last?.at === at) return last
    const second = { at, requests: 0, failures: 0, appsFailed: 0 }
    // A clock that was set back leaves seconds of the future.
    const recent = seconds.filter((other) => Math.abs(at - other.at) < SECONDS && other.at !== at)
    seconds = [...recent, second]
    return second
  }

  return {
    add: (failed) => count(current(), failed, 1),
    addFor(share, failed) {
      const second = current()
      count(second, failed, 1)
      share.requests.push({ second, failed })
      const surplus = share.requests.length > SHARE ? share.requests.shift() : undefined
      if (surplus !== undefined) count(surplus.second, surplus.failed, -1)
      if (failed) moveFailure(share, second)
    },
    isFailing(minAppsFailed = 0) {
      current()
      const sum = (key: 'requests' | 'failures' | 'appsFailed') =>
        seconds.reduce((total, second) => total + second[key], 0)
      const requests = sum('requests')
      if (requests < MIN_REQUESTS || sum('failures') * 2 < requests) return false
      return sum('appsFailed') >= minAppsFailed
    },
    clear() {
      seconds = []
    },
  }
}

function count(second: Second, failed: boolean, by: 1 | -1): void {
  second.requests += by
  if (failed) second.failures += by
}

function moveFailure(share: Share, second: Second): void {
  if (share.failedIn !== undefined) share.failedIn.appsFailed -= 1
  second.appsFailed += 1
  share.failedIn = second
}
