import { VERSION } from '../../version'
import { APP_OPERATIONS } from './apps'
import { BROWSER_PATHS } from './browser-paths'
import { METRICS_OPERATION } from './metrics'
import type { Answer, JsonSchema, Operation } from './operation'
import { PROBE_OPERATIONS } from './probes'
import { ref, SCHEMAS } from './schemas'
import { SETTINGS_OPERATIONS } from './settings'
import { TOKEN_OPERATIONS } from './tokens'
import { USER_OPERATIONS } from './users'

/** What `openapi.json` says is made from the very tables that route and check requests. */
const OPENAPI_OPERATION: Operation = {
  id: 'readOpenApi',
  method: 'GET',
  path: '/openapi.json',
  summary: 'This description',
  access: 'anyone',
  answers: { 200: { description: 'OpenAPI 3.1', schema: { type: 'object' } } },
  example: { status: 200 },
  handle: () => Promise.resolve({ json: openApi() }),
}

/** Below the API's path. */
export const API_OPERATIONS: readonly Operation[] = [
  ...PROBE_OPERATIONS,
  ...APP_OPERATIONS,
  ...SETTINGS_OPERATIONS,
  ...USER_OPERATIONS,
  METRICS_OPERATION,
  OPENAPI_OPERATION,
]

/** The API as an OpenAPI 3.1 document. */
export function openApi(): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'express-amazon-auth',
      version: VERSION,
      summary: 'Sign in with Amazon, for many apps',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    paths: {
      ...BROWSER_PATHS,
      ...pathsOf(TOKEN_OPERATIONS, ''),
      ...pathsOf(API_OPERATIONS, '/v1'),
    },
    components: { schemas: SCHEMAS, securitySchemes: SECURITY_SCHEMES },
  }
}

const SECURITY_SCHEMES = {
  signature: {
    type: 'apiKey',
    in: 'header',
    name: 'Authorization',
    description:
      'AWS Signature Version 4: service para, region us-east-1, access key app:<name>, the app secret as key. Signed headers include host and x-amz-date.',
  },
  superToken: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'HS256 by the app secret; claims appid (app:<name>) and exp, no sub.',
  },
  userToken: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'An ID token or a session token.',
  },
}

const SECURITY: Readonly<Record<Operation['access'], readonly object[]>> = {
  anyone: [],
  optional: [{}, { signature: [] }, { superToken: [] }, { userToken: [] }],
  app: [{ signature: [] }, { superToken: [] }],
  root: [{ signature: [] }, { superToken: [] }],
  user: [{ userToken: [] }],
}

function pathsOf(operations: readonly Operation[], base: string): object {
  const paths: Record<string, Record<string, object>> = {}
  for (const operation of operations) {
    const path = (paths[base + operation.path] ??= {})
    path[operation.method.toLowerCase()] = describe(operation)
  }
  return paths
}

function describe(operation: Operation): object {
  const { id, summary, description, access, body, isManagement, example } = operation
  return {
    operationId: id,
    summary,
    ...(description !== undefined && { description }),
    security: SECURITY[access],
    ...(isManagement === true && { 'x-management': true }),
    parameters: [
      ...parametersOf('path', operation.pathParameters, example.path),
      ...parametersOf('query', operation.query, example.query),
    ],
    ...(body !== undefined && {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: body, example: example.body } },
      },
    }),
    responses: responsesOf(operation),
  }
}

function parametersOf(
  place: 'path' | 'query',
  schemas: Readonly<Record<string, JsonSchema>> = {},
  examples: Readonly<Record<string, string>> = {},
): readonly object[] {
  return Object.entries(schemas).map(([name, schema]) => ({
    name,
    in: place,
    required: place === 'path',
    schema,
    ...(name in examples && { example: examples[name] }),
  }))
}

/** What any call may be answered besides its own answers. */
const ALWAYS: Readonly<Record<string, Answer>> = {
  400: { description: 'The request is not valid', schema: ref('Error') },
  429: { description: 'Too many attempts: try again after Retry-After', schema: ref('Error') },
  503: { description: 'Try again after Retry-After', schema: ref('Error') },
}
const TO_CALLERS: Readonly<Record<string, Answer>> = {
  401: { description: 'No valid credentials', schema: ref('Error') },
  403: { description: 'Not allowed, or a bad signature', schema: ref('Error') },
}

function responsesOf({ access, answers }: Operation): object {
  const isOpen = access === 'anyone' || access === 'optional'
  const all: Readonly<Record<string, Answer>> = {
    ...ALWAYS,
    ...(!isOpen && TO_CALLERS),
    ...answers,
  }
  return Object.fromEntries(
    Object.entries(all).map(([status, answer]) => [status, toResponse(answer)]),
  )
}

function toResponse({ description, schema, contentType = 'application/json' }: Answer): object {
  return { description, ...(schema !== undefined && { content: { [contentType]: { schema } } }) }
}
