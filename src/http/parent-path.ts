/**
 * The path that another lies in: '' for `/v1`, `/auth` for `/auth/v1`. Clients of Para look for `/jwt_auth` and
 * `/passwordless_auth` beside the API.
 */
export function parentPath(path: string): string {
  return path.slice(0, path.lastIndexOf('/'))
}
