import { LRUCache } from 'lru-cache'

/** Runs work at most once per key; whoever asks for the same while it runs gets the same result. */
export interface SingleFlight<T extends object> {
  /** @param rememberMs How long a result (not a failure) is given to those who come later, in milliseconds. */
  run(key: string, rememberMs: number, work: () => Promise<T>): Promise<T>
}

const MAX_KEYS = 10_000

export function createSingleFlight<T extends object>(): SingleFlight<T> {
  const flights = new LRUCache<string, Promise<T>>({ max: MAX_KEYS })
  return {
    run(key, rememberMs, work) {
      const known = flights.get(key)
      if (known !== undefined) return known
      const flight = work()
      flights.set(key, flight)
      const forget = (): void => void flights.delete(key)
      const remember = (): void => void flights.set(key, flight, { ttl: rememberMs })
      flight.then(rememberMs > 0 ? remember : forget, forget)
      return flight
    },
  }
}
