/**
 * A call that was refused, or that got no answer. The message is the server's where it gave one. Nothing secret is in
 * it: no key, signature, token or body; the HTTP client's error, which holds the whole request, is not its cause.
 */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly method: string
  /** Without query. */
  readonly path: string
  /** Status of the answer; undefined when there was none. */
  readonly status: number | undefined

  constructor(
    message: string,
    call: { readonly method: string; readonly path: string; readonly status?: number },
  ) {
    super(message)
    this.method = call.method
    this.path = call.path
    this.status = call.status
  }
}
