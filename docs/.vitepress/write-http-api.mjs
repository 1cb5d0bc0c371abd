import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { parse } from 'yaml'

import { ROOT } from './linked-files.mjs'

const METHODS = ['get', 'post', 'put', 'patch', 'delete']

/** Writes `http.md`: each operation of docs/openapi.yaml, what it takes and what it answers. */
export function writeHttpApi(folder) {
  const { paths, components } = parse(readFileSync(join(ROOT, 'docs/openapi.yaml'), 'utf8'))
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    METHODS.filter((method) => method in item).map((method) => ({
      path,
      method,
      ...item[method],
      parameters: [...(item.parameters ?? []), ...(item[method].parameters ?? [])],
    })),
  )
  const resolve = (part) =>
    part.$ref
      ? part.$ref
          .split('/')
          .slice(1)
          .reduce((at, key) => at[key], { components })
      : part
  const schemas = Object.entries(components.schemas ?? {})
  const text = [
    '# HTTP API\n',
    'Made from [openapi.yaml](/openapi.yaml){target="_self"}, which a running server answers at `/v1/openapi.json`.\n',
    ...operations.map((operation) => section(operation, resolve)),
    ...schemas.map(([name, schema]) => `## ${name}\n\n${json(schema)}`),
  ]
  writeFileSync(join(folder, 'http.md'), text.join('\n'))
}

function section(operation, resolve) {
  const { path, method, summary, description, security, requestBody, responses } = operation
  const parameters = operation.parameters.map(resolve)
  const body = requestBody && resolve(requestBody)
  return [
    `## ${method.toUpperCase()} ${code(path)}\n`,
    `${plain(summary)}.\n`,
    description ? `${plain(description)}\n` : '',
    security?.length ? `Who calls: ${callers(security)}.\n` : '',
    ...(parameters.length > 0 ? ['| parameter | in | |', '| --- | --- | --- |'] : []),
    ...parameters.map(
      (parameter) => `| \`${parameter.name}\` | ${parameter.in} | ${about(parameter)} |`,
    ),
    ...contents('Body', body),
    '\n| answer | |\n| --- | --- |',
    ...Object.entries(responses).map(
      ([status, response]) => `| ${status} | ${cell(resolve(response).description)} |`,
    ),
    ...Object.entries(responses)
      .filter(([status]) => status.startsWith('2'))
      .flatMap(([status, response]) => contents(status, resolve(response))),
    '',
  ].join('\n')
}

function about({ description, required, schema = {} }) {
  const told = [description ?? schema.description, schema.enum?.map(code).join(', ')]
  if (schema.default !== undefined) told.push(`default ${code(schema.default)}`)
  if (required) told.push('required')
  return cell(told.filter(Boolean).join('; '))
}

function callers(security) {
  const ways = security.map((way) => Object.keys(way).map(code).join(' and ') || 'anybody')
  return ways.join(', or ')
}

/** What a body holds, folded up; a text needs no more than its type. */
function contents(name, body) {
  return Object.entries(body?.content ?? {}).map(([type, { schema }]) =>
    schema?.type === 'string'
      ? `\n${name}: ${code(type)}`
      : `\n::: details ${name}: ${code(type)}\n${json(schema)}:::`,
  )
}

function json(schema) {
  return `\`\`\`json\n${JSON.stringify(schema, null, 2)}\n\`\`\`\n`
}

function code(text) {
  return `\`${text}\``
}

function cell(text) {
  return plain(text).replaceAll('|', '\\|').replaceAll('\n', ' ')
}

/** What stands between braces would be run by Vue, and a tag would be one. */
function plain(text) {
  return text.replaceAll('{{', '{ {').replace(/<(?=[a-z])/gi, '&lt;')
}
