import { VERSION } from '../../version'
import { APP_OPERATIONS } from './apps'
import { parentPath } from '../parent-path'
import { browserPaths } from './browser-paths'
import { DOCTOR_OPERATION } from './doctor'
import { STATS_OPERATION } from './stats'
import type { Answer, JsonSchema, Operation } from './operation'
import { METRICS_OPERATION, PROBE_OPERATIONS } from './probes'
import { ref, SCHEMAS } from './schemas'
import { SETTINGS_OPERATIONS } from './settings'
import { TOKEN_OPERATIONS } from './tokens'
import { TRY_OPERATION } from './try'
import { USER_LIFE_OPERATIONS } from './user-life'
import { USER_OPERATIONS } from './users'
import { AMAZON_TOKEN_OPERATIONS } from './amazon-tokens'
import { WEBHOOK_OPERATIONS } from './webhooks'

export interface ApiOptions {
  /** Where the API lies. */
  readonly path: string
  /** Whether it answers for users and apps. */
  readonly manage: boolean
}

/** As the stand-alone server has it. */
export const STAND_ALONE: ApiOptions = { path: '/v1', manage: true }

/** Below the API's path. */
export function apiOperations(options: ApiOptions): readonly Operation[] {
  const all = [
    ...PROBE_OPERATIONS,
    ...APP_OPERATIONS,
    ...SETTINGS_OPERATIONS,
    ...USER_OPERATIONS,
    ...USER_LIFE_OPERATIONS,
    ...AMAZON_TOKEN_OPERATIONS,
    ...WEBHOOK_OPERATIONS,
    METRICS_OPERATION,
    DOCTOR_OPERATION,
    STATS_OPERATION,
    TRY_OPERATION,
    openApiOperation(options),
  ]
  return all.filter(({ isManagement }) => options.manage || isManagement !== true)
}

/** What `openapi.json` says is made from the very tables that route and check requests. */
function openApiOperation(options: ApiOptions): Operation {
  return {
    id: 'readOpenApi',
    method: 'GET',
    path: '/openapi.json',
    summary: 'This description',
    access: 'anyone',
    answers: { 200: { description: 'OpenAPI 3.1', schema: { type: 'object' } } },
    handle: ({ req }) => ({
      json: openApi(options, req.baseUrl.slice(0, -options.path.length)),
    }),
  }
}

/**
 * The API as an OpenAPI 3.1 document.
 *
 * @param mountPath Path under which the host has mounted all this.
 */
export function openApi(options: ApiOptions = STAND_ALONE, mountPath = ''): object {
  const beside = parentPath(options.path)
  return {
    openapi: '3.1.0',
    info: {
      title: 'express-amazon-auth',
      version: VERSION,
      summary: 'Sign in with Amazon, for many apps',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    ...(mountPath !== '' && { servers: [{ url: mountPath }] }),
    paths: {
      ...browserPaths(beside),
      ...pathsOf(TOKEN_OPERATIONS, '', beside),
      ...pathsOf(apiOperations(options), options.path),
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
  caller: [{ signature: [] }, { superToken: [] }, { userToken: [] }],
  app: [{ signature: [] }, { superToken: [] }],
  root: [{ signature: [] }, { superToken: [] }],
  user: [{ userToken: [] }],
}

/** @param alsoBelow Another path below which the same operations are; '' is none. */
function pathsOf(operations: readonly Operation[], base: string, alsoBelow = ''): object {
  const paths: Record<string, Record<string, object>> = {}
  for (const operation of operations) {
    const path = (paths[base + operation.path] ??= {})
    const alsoAt = (operation.alsoAt ?? []).map((other) => base + other)
    if (alsoBelow !== '') alsoAt.push(alsoBelow + operation.path)
    path[operation.method.toLowerCase()] = describe(operation, alsoAt)
  }
  return paths
}

function describe(operation: Operation, alsoAt: readonly string[]): object {
  const { id, summary, access, body, isManagement, example = {} } = operation
  const description = describeAlso(operation, alsoAt)
  return {
    operationId: id,
    summary,
    ...(description !== '' && { description }),
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

/** A clause on what else is taken for the same operation stands at the end. */
function describeAlso({ description, alsoBy }: Operation, alsoAt: readonly string[]): string {
  const also = [
    ...(alsoBy === undefined ? [] : [`as ${alsoBy}`]),
    ...(alsoAt.length === 0 ? [] : [`at ${alsoAt.map((path) => `\`${path}\``).join(', ')}`]),
  ]
  const clause = also.length === 0 ? undefined : `Also ${also.join(' and ')}.`
  return [description, clause].filter((part) => part !== undefined).join(' ')
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

function toResponse(answer: Answer): object {
  const { description, schema, contentType = 'application/json', headers } = answer
  return {
    description,
    ...(headers !== undefined && { headers }),
    ...(schema !== undefined && { content: { [contentType]: { schema } } }),
  }
}
