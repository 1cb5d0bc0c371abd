import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020'

import { requestInvalid } from '../../errors'
import { loadAjv } from '../../late-packages'
import { once } from '../../lazily'
import type { JsonSchema, Operation } from './operation'
import { SCHEMAS } from './schemas'

/** Reads what a request brings along, checked against the schemas that document it. */
export interface InputChecks {
  /** @throws {AmazonAuthError} `request_invalid` */
  readonly query: (query: URLSearchParams) => Readonly<Record<string, unknown>>
  /** @throws {AmazonAuthError} `request_invalid` */
  readonly body: (body: object) => void
}

/** Name of the components among the schemas of bodies. */
const COMPONENTS = 'components.json'
/** Queries are texts, so these are read as what their schema says; bodies say themselves what they are. */
const queries = once(
  () => new (loadAjv().Ajv2020)({ coerceTypes: true, useDefaults: true, strict: false }),
)
const bodies = once(
  () =>
    new (loadAjv().Ajv2020)({
      strict: false,
      schemas: [{ $id: COMPONENTS, components: { schemas: SCHEMAS } }],
    }),
)

const checksOf = new WeakMap<Operation, InputChecks>()

/**
 * Its schemas are compiled at the first request that brings something along, once for all servers of a process: Ajv keeps
 * what it has compiled.
 */
export function inputChecksOf(operation: Operation): InputChecks {
  const known = checksOf.get(operation)
  if (known !== undefined) return known
  const made = createInputChecks(operation)
  checksOf.set(operation, made)
  return made
}

function createInputChecks({ query = {}, body, bodyProblem }: Operation): InputChecks {
  const checkQuery = once(() => queries().compile({ type: 'object', properties: query }))
  const checkBody = once(() => body && bodies().compile(withComponents(body)))
  return {
    query(given) {
      const values: Record<string, unknown> = {}
      for (const name of Object.keys(query)) {
        const all = given.getAll(name)
        if (all.length > 1) throw requestInvalid(`The parameter ${name} is there more than once.`)
        if (all[0] !== undefined) values[name] = all[0]
      }
      check(checkQuery(), values, 'parameter')
      return values
    },
    body: (given) => check(checkBody(), given, 'field', bodyProblem),
  }
}

function check(
  validate: ValidateFunction | undefined,
  value: unknown,
  what: string,
  problem?: string,
): void {
  if (validate === undefined || validate(value)) return
  throw requestInvalid(problem ?? describe(validate.errors?.[0], what))
}

/** Says which field is wrong and what is expected; never what was sent. */
function describe(error: ErrorObject | undefined, what: string): string {
  if (error === undefined) return 'The request is not valid.'
  const { missingProperty, allowedValues } = error.params as Readonly<Record<string, unknown>>
  if (typeof missingProperty === 'string') return `The ${what} ${missingProperty} is missing.`
  const name = error.instancePath.slice(1).replaceAll('/', '.')
  const values = Array.isArray(allowedValues) ? `: ${allowedValues.join(', ')}` : ''
  return `The ${what} ${name} ${error.message ?? 'is not valid'}${values}.`
}

/** References are written as OpenAPI has them; here the components are a schema of their own. */
function withComponents(schema: JsonSchema): JsonSchema {
  return JSON.parse(
    JSON.stringify(schema).replaceAll('#/components/', `${COMPONENTS}#/components/`),
  ) as JsonSchema
}
