import { LRUCache } from 'lru-cache'

/**
 * An LRUCache that takes room as it fills. One that is told its bound as `max` takes the room for all of it when it is made:
 * ten megabytes, and tens of milliseconds of a start, for all that this package may have to remember.
 *
 * @param options.max Entries. `options.ttl`: for how long each is good, in milliseconds; default for ever.
 */
export function growingCache<Value extends object | string | number | boolean>({
  max,
  ttl,
}: {
  readonly max: number
  readonly ttl?: number
}): LRUCache<string, Value> {
  return new LRUCache({ maxSize: max, sizeCalculation: () => 1, ...(ttl !== undefined && { ttl }) })
}
