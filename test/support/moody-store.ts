import { MemoryStore, type SessionData } from 'express-session'

/** How a store of express-session may fail a host. */
export type StoreMood = 'works' | 'hangs' | 'fails' | 'throws' | 'rejects'

type Done = (error?: unknown, session?: SessionData | null) => void

/** A store of a host that can be in a bad mood. Written with promises, as some are: they come back to whoever looks. */
export class MoodyStore extends MemoryStore {
  mood: StoreMood = 'works'

  override get = (id: string, done: Done): unknown => this.answer(done, () => super.get(id, done))

  override set = (id: string, session: SessionData, done: Done = ignore): unknown =>
    this.answer(done, () => super.set(id, session, done))

  override destroy = (id: string, done: Done = ignore): unknown =>
    this.answer(done, () => super.destroy(id, done))

  private answer(done: Done, work: () => void): unknown {
    const error = new Error('the session store is down')
    if (this.mood === 'works') work()
    if (this.mood === 'fails') setImmediate(done, error)
    if (this.mood === 'throws') throw error
    return this.mood === 'rejects' ? Promise.reject(error) : undefined
  }
}

function ignore(): void {
  // express-session does not ask.
}
