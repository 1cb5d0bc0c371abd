import type { Request, RequestHandler, Response, Router } from 'express'

import { loggedFacts, toAmazonAuthError, type ErrorCode } from '../../errors'
import { answerError, answerJson, protectAnswer, refuseMethod } from '../answer'
import type { AuthServices } from '../auth-services'
import { loadExpress } from '../../load-express'
import { queryEntries } from '../read-parameters'
import type { Connect } from '../installation'
import { authenticate } from './authenticate'
import { inputChecksOf, type InputChecks } from './check-input'
import type { Call, Method, Operation, Reply } from './operation'
import { parseJsonBody } from './json-body'
import { readBody } from './read-body'
import { recordCall } from './record-call'

/**
 * Routes for a table of operations: each path answers its methods, and 405 with `Allow` to all others.
 *
 * @param crossOrigin Runs first, on these paths alone: the host's own below the same prefix are none of ours.
 */
export function mountOperations(
  operations: readonly Operation[],
  connect: Connect,
  crossOrigin: RequestHandler,
): Router {
  const router = loadExpress().Router({ caseSensitive: true })
  for (const path of new Set(operations.flatMap(pathsOf))) {
    const ofPath = operations.filter((operation) => pathsOf(operation).includes(path))
    const route = router.route(path.replaceAll(/\{(\w+)\}/g, ':$1'))
    const refuseOthers = refuseMethod(ofPath.flatMap(methodsOf))
    route.all(crossOrigin)
    // HEAD would run a GET, and not all of them change nothing.
    if (!ofPath.some(({ method, access }) => method === 'GET' && access === 'anyone')) {
      route.head(refuseOthers)
    }
    for (const operation of ofPath) {
      const handle = handlerOf(operation, connect)
      for (const method of methodsOf(operation)) route[METHODS[method]](handle)
    }
    route.all(refuseOthers)
  }
  return router
}

function pathsOf({ path, alsoAt = [] }: Operation): readonly string[] {
  return [path, ...alsoAt]
}

function methodsOf({ method, alsoBy }: Operation): readonly Method[] {
  return alsoBy === undefined ? [method] : [method, alsoBy]
}

const METHODS = { GET: 'get', POST: 'post', PUT: 'put', PATCH: 'patch', DELETE: 'delete' } as const

function handlerOf(operation: Operation, connect: Connect): RequestHandler {
  const checks = inputChecksOf(operation)
  return (req, res, next) => {
    connect()
      .then((services) => {
        const underway: Underway = { req, res, services, checks }
        return run(operation, underway)
          .then((reply) => answer(res, reply))
          .catch((thrown: unknown) => refuse(operation, underway, thrown))
      })
      .catch(next)
  }
}

interface Underway {
  readonly req: Request
  readonly res: Response
  readonly services: AuthServices
  readonly checks: InputChecks
  /** The app that calls, or whose user does, as soon as it is known. */
  appId?: string | undefined
}

/** The steps of a call: read the body, admit the caller, check the input, do the work, note what it has changed. */
async function run(operation: Operation, call: Underway): Promise<Reply> {
  const { req, res, services, checks } = call
  if (operation.worksAlone !== true) await services.ready()
  const bodies = await readBody(req, res)
  const caller = await authenticate(req, bodies, operation, services)
  call.appId = caller?.app.id
  const query = checks.query(new URLSearchParams(Array.from(queryEntries(req))))
  const [bytes = Buffer.alloc(0)] = bodies
  const body = operation.body === undefined ? {} : parseJsonBody(bytes)
  checks.body(body)
  const path = req.params as Readonly<Record<string, string>>
  const made: Call = { req, res, services, caller, path, query, body }
  const reply = await operation.handle(made)
  recordCall(operation, made, reply)
  return reply
}

function answer(res: Response, { status = 200, headers = {}, json, text }: Reply): void {
  protectAnswer(res)
  res.statusCode = status
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value)
  if (status === 401) res.setHeader('WWW-Authenticate', 'Bearer')
  if (json !== undefined) answerJson(res, status, json)
  else {
    if (text !== undefined) res.setHeader('Content-Type', 'text/plain; charset=utf-8')
    res.end(text)
  }
}

function refuse(operation: Operation, failed: Underway, thrown: unknown): void {
  const error = toAmazonAuthError(thrown)
  const level = error.status < 500 ? 'info' : isPassing(error.code) ? 'warn' : 'error'
  const app = failed.appId !== undefined && { app: failed.appId }
  const log = { operation: operation.id, ...app, ...loggedFacts(error) }
  failed.services.logger[level](log, 'call refused')
  answerError(failed.res, error)
}

/** What passes by itself, and comes to everybody who calls meanwhile. */
function isPassing(code: ErrorCode): boolean {
  return code.startsWith('amazon_') || code === 'server_busy'
}
