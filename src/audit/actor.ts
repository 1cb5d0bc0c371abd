/**
 * Who has changed something: whoever holds the keys of an app.
 *
 * @returns e.g. `app:para`
 */
export function actorOfApp(appId: string): string {
  return `app:${appId}`
}

/**
 * Who has changed something: a user of an app, by name. The form says of which app, as the numbers of users are unique within
 * one only; by it a deletion of the user finds what they have done.
 *
 * @returns e.g. `user:para/1001`
 */
export function actorOfUser(appId: string, userId: string): string {
  return `user:${appId}/${userId}`
}

/** Somebody who has changed something; of a user, the app and the id. */
export type Actor =
  | { readonly kind: 'app'; readonly appId: string }
  | { readonly kind: 'user'; readonly appId: string; readonly userId: string }

/** @returns Undefined: it is of nobody who is known, as of a user who has been deleted. */
export function parseActor(text: string): Actor | undefined {
  const [, ofKeys] = /^app:(.+)$/.exec(text) ?? []
  if (ofKeys !== undefined) return { kind: 'app', appId: ofKeys }
  const [, appId, userId] = /^user:(.+)\/([^/]+)$/.exec(text) ?? []
  return appId === undefined || userId === undefined ? undefined : { kind: 'user', appId, userId }
}
