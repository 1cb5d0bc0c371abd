import { createHash } from 'node:crypto'

import { isUrl } from '../to-url'

/** An LWA client, as a security profile in Amazon's developer console describes it. */
export type EmulatorClient = EmulatorWebClient | EmulatorDeviceClient

export interface EmulatorClientNames {
  /** Any text; Amazon's begin with `amzn1.application-oa2-client.` */
  readonly clientId: string
  /** Shown on the consent page. Default: the client id. */
  readonly name?: string | undefined
}

/** A client that people come to with a browser. */
export interface EmulatorWebClient extends EmulatorClientNames {
  /** Any text that is not empty. */
  readonly clientSecret: string
  /** Compared byte by byte with `redirect_uri`. */
  readonly allowedReturnUrls: readonly string[]
  /** `web` gets no codes for devices. Default: those, too, which Amazon never does. */
  readonly kind?: 'web' | undefined
  /** Takes any `redirect_uri`, which Amazon never does. Default false. */
  readonly allowAnyReturnUrl?: boolean | undefined
}

/** A client of "TVs and Other Devices Settings": it gets codes for devices, and signs nobody in by a browser. */
export interface EmulatorDeviceClient extends EmulatorClientNames {
  /** Says that it is one. No default. */
  readonly kind: 'device'
  /** Default: none, as a device cannot keep one. */
  readonly clientSecret?: string | undefined
  /** Without a meaning here. Default: none. */
  readonly allowedReturnUrls?: readonly string[] | undefined
  /** Without a meaning here. Default false. */
  readonly allowAnyReturnUrl?: boolean | undefined
}

/** Two clients that are there unless others are given: one app on port 8080, one on port 3000. */
export const DEMO_CLIENTS: readonly [EmulatorWebClient, EmulatorWebClient] = [
  demoClient('Demo books', 8080),
  demoClient('Demo music', 3000),
]

function demoClient(name: string, port: number): EmulatorWebClient {
  const hex = createHash('sha256').update(name).digest('hex')
  return {
    clientId: `amzn1.application-oa2-client.${hex.slice(0, 32)}`,
    clientSecret: `amzn1.oa2-cs.v1.${hex}`,
    allowedReturnUrls: [
      `http://localhost:${port}/amazon_auth`,
      `http://127.0.0.1:${port}/amazon_auth`,
    ],
    name,
  }
}

export class Clients {
  private readonly byId = new Map<string, EmulatorClient>()

  constructor(clients: readonly EmulatorClient[]) {
    for (const client of clients) this.add(client)
  }

  /** Adds a client, or replaces the one of that id. Throws TypeError when a field is wrong. */
  add(client: EmulatorClient): void {
    const checked = parseClient(client)
    this.byId.set(checked.clientId, checked)
  }

  find(clientId: string): EmulatorClient | undefined {
    return this.byId.get(clientId)
  }

  list(): readonly EmulatorClient[] {
    return [...this.byId.values()]
  }
}

/** Whether the client may be sent back to that URL: a listed one, byte for byte. */
export function allowsReturnUrl(client: EmulatorClient, redirectUri: string): boolean {
  if (client.allowedReturnUrls?.includes(redirectUri) === true) return true
  return client.allowAnyReturnUrl === true && isReturnUrl(redirectUri)
}

/** Checks a client that came as JSON or from JavaScript. Throws TypeError naming the field. */
export function parseClient(input: unknown): EmulatorClient {
  const { clientId, clientSecret, allowedReturnUrls, name, kind, allowAnyReturnUrl } =
    fieldsOf(input)
  if (!isFilled(clientId)) throw new TypeError('clientId must be a string that is not empty')
  if (name !== undefined && typeof name !== 'string') throw new TypeError('name must be a string')
  const names = { clientId, ...(name !== undefined && { name }) }
  const ways = { allowAnyReturnUrl: allowAnyReturnUrl === true }
  if (kind === 'device') {
    return {
      ...names,
      kind,
      ...(clientSecret !== undefined && { clientSecret: parseSecret(clientSecret) }),
      allowedReturnUrls: parseReturnUrls(allowedReturnUrls ?? []),
      ...ways,
    }
  }
  if (kind !== undefined && kind !== 'web') throw new TypeError('kind must be web or device')
  return {
    ...names,
    ...(kind !== undefined && { kind }),
    clientSecret: parseSecret(clientSecret),
    allowedReturnUrls: parseReturnUrls(allowedReturnUrls),
    ...ways,
  }
}

function parseSecret(input: unknown): string {
  if (isFilled(input)) return input
  throw new TypeError(
    "clientSecret must be a string, not empty; only kind: 'device' may leave it out",
  )
}

function parseReturnUrls(input: unknown): readonly string[] {
  if (Array.isArray(input) && input.every(isReturnUrl)) return [...input]
  throw new TypeError(
    "allowedReturnUrls must list absolute URLs without fragment; only kind: 'device' may leave it out",
  )
}

function fieldsOf(input: unknown): Partial<Record<keyof EmulatorClient, unknown>> {
  if (typeof input !== 'object' || input === null) throw new TypeError('a client is an object')
  return input
}

function isFilled(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

/** Printable ASCII only: the URL goes into a Location header. */
function isReturnUrl(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    /^[\x21-\x7e]+$/.test(value) &&
    isUrl(value) &&
    !value.includes('#')
  )
}
