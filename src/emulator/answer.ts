import type { ServerResponse } from 'node:http'

/** What an endpoint answers; a fault may change it or keep it from being sent. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Buffer
}

/** Thrown by an endpoint to stop with that answer. */
export class Refused extends Error {
  constructor(readonly answer: Answer) {
    super(`answered ${answer.status}`)
  }
}

export function jsonAnswer(status: number, body: unknown): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: JSON.stringify(body),
  }
}

/** An error in Amazon's form, which names the description before the error. */
export function errorAnswer(status: number, error: string, description: string): Answer {
  return jsonAnswer(status, { error_description: description, error })
}

/** Stops an endpoint with an error in that form. */
export function refusal(status: number, error: string, description: string): Refused {
  return new Refused(errorAnswer(status, error, description))
}

export function redirectAnswer(location: string): Answer {
  return { status: 302, headers: { location, 'cache-control': 'no-store' }, body: '' }
}

export function sendAnswer(res: ServerResponse, { status, headers, body }: Answer): void {
  res.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) })
  res.end(body)
}
