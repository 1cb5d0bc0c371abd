/** A map that forgets its oldest entry rather than grow past `maxEntries`. */
export class BoundedMap<V> {
  private readonly entries = new Map<string, V>()

  constructor(private readonly maxEntries: number) {}

  get(key: string): V | undefined {
    return this.entries.get(key)
  }

  set(key: string, value: V): void {
    this.entries.set(key, value)
    if (this.entries.size <= this.maxEntries) return
    const oldest = this.entries.keys().next()
    if (oldest.done !== true) this.entries.delete(oldest.value)
  }

  delete(key: string): void {
    this.entries.delete(key)
  }
}
