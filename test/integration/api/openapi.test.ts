import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

import { Ajv2020 } from 'ajv/dist/2020'
import { parse } from 'yaml'

import { apiOperations, openApi, STAND_ALONE } from '../../../src/http/api/openapi'
import type { Operation } from '../../../src/http/api/operation'
import { TOKEN_OPERATIONS } from '../../../src/http/api/tokens'
import { ROOT_KEYS, startServer, type Sender, type TestServer } from '../../support/api'
import { startHost, type Host, type HostOptions } from '../../support/host'

interface Parameter {
  readonly name: string
  readonly in: string
  readonly required: boolean
}
interface Described {
  readonly operationId: string
  readonly summary: string
  readonly description?: string
  readonly parameters?: readonly Parameter[]
  readonly responses: Readonly<Record<string, { content?: Record<string, { schema: object }> }>>
}
interface OpenApi {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>
  readonly components: object
}

const document = JSON.parse(JSON.stringify(openApi())) as OpenApi
const described = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })),
)
const routed = [
  ...TOKEN_OPERATIONS.map((operation) => ({ base: '', operation })),
  ...apiOperations(STAND_ALONE).map((operation) => ({ base: '/v1', operation })),
].map(({ base, operation }) => ({ id: operation.id, path: base + operation.path, operation }))

describe('the OpenAPI document', () => {
  test('docs/openapi.yaml is what the code says (else: npm run openapi)', () => {
    const file = readFileSync(resolve(__dirname, '../../../docs/openapi.yaml'), 'utf8')
    expect(parse(file)).toEqual(document)
  })

  test('is OpenAPI 3.1, and every reference in it leads somewhere', () => {
    expect(document.openapi).toBe('3.1.0')
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)]
    expect(references.length).toBeGreaterThan(20)
    for (const [, pointer = ''] of references) {
      const found = pointer
        .split('/')
        .reduce<unknown>((part, name) => (part as Record<string, unknown>)[name], document)
      expect([pointer, typeof found]).toEqual([pointer, 'object'])
    }
  })

  test('describes every operation that is routed', () => {
    const lines = described.map(({ method, path }) => `${method.toUpperCase()} ${path}`)
    const expected = routed.map(({ path, operation }) => `${operation.method} ${path}`)
    expect(lines).toEqual(expect.arrayContaining(expected))
  })

  test('gives every operation an id of its own', () => {
    const ids = described.map(({ operationId }) => operationId)
    expect(new Set(ids).size).toBe(ids.length)
  })

  test.each(described)(
    '$operationId has a summary, answers, and the parameters of its path',
    (it) => {
      expect(it.summary).toMatch(/^[A-Z].{5,}/)
      expect(Object.keys(it.responses).length).toBeGreaterThan(1)
      const named = it.path.match(/(?<=\{)\w+(?=\})/g) ?? []
      const inPath = (it.parameters ?? []).filter((parameter) => parameter.in === 'path')
      expect(inPath.map(({ name }) => name)).toEqual(named)
      expect(inPath.every(({ required }) => required)).toBe(true)
    },
  )
})

describe('the document of a host', () => {
  let host: Host
  afterEach(() => host.close())

  async function served(setup: HostOptions, path: string): Promise<OpenApi & { servers?: object }> {
    host = await startHost(setup)
    const { status, body } = await host.browser().get(path)
    expect(status).toBe(200)
    return JSON.parse(body) as OpenApi
  }
  const linesOf = ({ paths }: OpenApi): string[] => Object.keys(paths)

  test('names the paths that are there, and no users and apps where the host keeps those names', async () => {
    const api = { path: '/auth/v2' }
    const told = await served({ options: { api } }, '/auth/v2/openapi.json')
    const lines = linesOf(told)
    expect(lines).toEqual(expect.arrayContaining(['/jwt_auth', '/auth/v2/_me']))
    expect(lines.filter((path) => /^\/v1|\/users|\/apps/.test(path))).toEqual([])
    expect(told.paths['/jwt_auth']?.post?.description).toContain('`/auth/jwt_auth`')
    expect(told.paths['/passwordless_auth']?.get?.description).toContain('/auth/passwordless_auth')
    for (const path of lines.filter((line) => line.startsWith('/auth/v2/_'))) {
      const url = path.replace(/\{\w+\}/g, 'x')
      expect([path, (await host.browser().get(url)).status]).not.toEqual([path, 404])
    }
  })

  test('names users and apps with api.manage, and the path it is mounted under', async () => {
    const api = { manage: true }
    const told = await served({ options: { api }, mount: '/in' }, '/in/v1/openapi.json')
    expect(told.servers).toEqual([{ url: '/in' }])
    expect(linesOf(told)).toEqual(linesOf(document))
  })
})

describe('the example of', () => {
  let server: TestServer
  let callers: Record<Operation['access'], Sender | undefined>
  beforeEach(async () => {
    server = await startServer()
    const app = await server.createApp('bakery')
    const { token } = await server.signIn('bakery')
    callers = { anyone: undefined, optional: app, caller: app, app, root: ROOT_KEYS, user: token }
  })
  afterEach(() => server.close())

  test.each(routed)('$id is answered as it says, in the form it says', async (route) => {
    const { example = {}, access, method, body } = route.operation
    const path = route.path.replaceAll(/\{(\w+)\}/g, (_match, name: string) =>
      encodeURIComponent(example.path?.[name] ?? 'missing'),
    )
    const query = new URLSearchParams(example.query).toString()
    // An example that ends in 401 is one of a caller without credentials.
    const as = example.status === 401 ? undefined : callers[access]
    const answer = await server.call(`${method} ${path}${query && '?'}${query}`, {
      as,
      ...(body !== undefined && { body: JSON.stringify(example.body) }),
    })
    expect(answer.status).toBe(example.status ?? 200)
    const content =
      document.paths[route.path]?.[method.toLowerCase()]?.responses[answer.status]?.content
    if (content === undefined) expect(answer.text).toBe('')
    else expectForm(answer, content)
  })

  function expectForm(
    { headers, json }: Awaited<ReturnType<TestServer['call']>>,
    content: Record<string, { schema: object }>,
  ): void {
    const [type = '', { schema } = { schema: {} }] = Object.entries(content)[0] ?? []
    expect(headers['content-type']).toMatch(new RegExp(`^${type}`))
    if (type !== 'application/json') return
    const ajv = new Ajv2020({ strict: false, allErrors: true })
    ajv.validate({ ...schema, components: document.components }, json)
    expect(ajv.errors ?? []).toEqual([])
  }
})
