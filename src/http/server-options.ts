import { IncomingMessage, ServerResponse, type ServerOptions } from 'node:http'

import type { Express } from 'express'

/**
 * Options for `http.createServer` that let Node make the requests and responses of an Express app as what Express would
 * turn each of them into, which saves most of what Express costs up to Node 22.
 *
 * Express gives every request and response another prototype. V8 before version 13 gives an object that gets a property
 * after that a hidden class of its own, and every access to it misses its inline cache. An object that has the prototype
 * from its birth stays what it is.
 *
 * @param app Not mounted in another app; its `request` and `response` are replaced by equal ones.
 * @example
 * import { createServer } from 'node:http'
 *
 * createServer(serverOptions(app), app).listen(3000)
 */
export function serverOptions(
  app: Express,
): Required<Pick<ServerOptions, 'IncomingMessage' | 'ServerResponse'>> {
  class AppRequest extends IncomingMessage {}
  class AppResponse<Req extends IncomingMessage = IncomingMessage> extends ServerResponse<Req> {}
  app.request = adopt(AppRequest.prototype, app.request)
  app.response = adopt(AppResponse.prototype, app.response)
  return { IncomingMessage: AppRequest, ServerResponse: AppResponse }
}

/** Makes a class's prototype what Express has made for an app: its own properties over what all apps share. */
function adopt<T extends object>(prototype: object, made: T): T {
  Object.setPrototypeOf(prototype, Object.getPrototypeOf(made) as object)
  return Object.defineProperties(prototype, Object.getOwnPropertyDescriptors(made)) as T
}
