import { sign } from 'aws4'

import type { Json } from '../../src/apps/settings'
import { callAt, type ApiAnswer, type Keys } from './api'

/** What such a client knows of an object. */
export interface ParaObject {
  readonly type: string
  readonly objectURI: string
}

type Query = Readonly<Record<string, string>>

/**
 * A client that builds its paths as Para's own do: lists and searches from the type, a record from its `objectURI`;
 * percent-encoded once, and signed as they are.
 */
export class ParaClient {
  constructor(
    readonly endpoint: string,
    readonly keys: Keys,
    readonly apiPath = '/v1',
  ) {}

  me = (): Promise<ApiAnswer> => this.#send('GET', '_me')
  /** By which it finds out whether a server is there and lets it in. */
  timestamp = (): Promise<ApiAnswer> => this.#send('GET', 'utils/timestamp')
  read = (type: string, id: string): Promise<ApiAnswer> =>
    this.#send('GET', `${type}/${encodeURIComponent(id)}`)
  list = (type: string, query: Query = {}): Promise<ApiAnswer> => this.#send('GET', type, { query })
  find = (type: string, kind: string, query: Query): Promise<ApiAnswer> =>
    this.#send('GET', `${type}/search/${kind}`, { query })
  create = (object: ParaObject): Promise<ApiAnswer> =>
    this.#send('PUT', object.objectURI, { body: { ...object } })
  update = (object: ParaObject): Promise<ApiAnswer> =>
    this.#send('PATCH', object.objectURI, { body: { ...object } })
  delete = ({ objectURI }: ParaObject): Promise<ApiAnswer> => this.#send('DELETE', objectURI)
  readAll = (ids: readonly string[]): Promise<ApiAnswer> =>
    this.#send('GET', '_batch', { query: { ids: ids.join(',') } })
  /** Its address is derived from that of the API. */
  signIn = (provider: string, appid: string, token: string): Promise<ApiAnswer> => {
    const path = this.apiPath.replace(/\/[^/]+$/, '/jwt_auth')
    return callAt(this.endpoint, `POST ${path}`, { body: { provider, appid, token } })
  }

  #send(
    method: string,
    resource: string,
    { query = {}, body }: { readonly query?: Query; readonly body?: object } = {},
  ): Promise<ApiAnswer> {
    const search = new URLSearchParams(query).toString()
    const path = `${this.apiPath}/${resource.replace(/^\//, '')}${search && '?'}${search}`
    const { host } = new URL(this.endpoint)
    const text = body === undefined ? '' : JSON.stringify(body)
    const { headers } = sign(
      {
        service: 'para',
        region: 'us-east-1',
        host,
        method,
        path,
        body: text,
        doNotEncodePath: true,
      },
      { accessKeyId: this.keys.accessKey, secretAccessKey: this.keys.secretKey },
    )
    const sent = Object.entries(headers ?? {}).map(([name, value]) => [name, String(value)])
    return callAt(this.endpoint, `${method} ${path}`, {
      headers: Object.fromEntries(sent) as Record<string, string>,
      ...(body !== undefined && { body: text satisfies Json }),
    })
  }
}
