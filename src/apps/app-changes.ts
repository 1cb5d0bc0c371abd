/**
 * Carries the news that an app has changed from the node that changed it to all others, which otherwise go on with what
 * they have read for as long as their cache lives.
 */
export interface AppChanges {
  /** Tells the other nodes. Never waits, never throws: news that is lost only makes them go on for a cache life. */
  publish(appId: string): void
  /** @param listener Told of each change elsewhere; undefined: news may have been missed, so any app may have changed. */
  subscribe(listener: (appId: string | undefined) => void): void
}

/** For a node that is alone, or that relies on the life of its cache. */
export const NO_NEWS: AppChanges = { publish: () => undefined, subscribe: () => undefined }
