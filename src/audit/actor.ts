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
