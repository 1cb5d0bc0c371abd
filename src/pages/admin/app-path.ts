/**
 * Path of an app's pages, below those for operators.
 *
 * @param page Which of them, e.g. `/users`. Default: its overview.
 */
export function appPath(appId: string, page = ''): string {
  return `/apps/${encodeURIComponent(appId)}${page}`
}
