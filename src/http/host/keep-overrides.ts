import { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'

const NODES_OWN: ReadonlySet<object | null> = new Set([
  IncomingMessage.prototype,
  ServerResponse.prototype,
  Readable.prototype,
  Object.prototype,
  null,
])

/**
 * Express takes the place of all classes between an object and Node's own: methods that those have overridden are kept on the
 * object itself, as those of light-my-request, by which Fastify's `inject()` asks.
 */
export function keepOverrides(object: IncomingMessage | ServerResponse): void {
  let prototype = Object.getPrototypeOf(object) as object | null
  while (prototype !== null && !NODES_OWN.has(prototype) && !isOfExpress(prototype)) {
    for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
      if (typeof property.value !== 'function' || name === 'constructor') continue
      if (Object.hasOwn(object, name)) continue
      Object.defineProperty(object, name, { ...property, configurable: true, writable: true })
    }
    prototype = Object.getPrototypeOf(prototype) as object | null
  }
}

function isOfExpress(prototype: object): boolean {
  return Object.hasOwn(prototype, 'app')
}
