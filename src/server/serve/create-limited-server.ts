import { createServer, type Server } from 'node:http'

import type { Express } from 'express'

import { serverOptions } from '../../http/server-options'

const MAX_HEADER_BYTES = 16 * 1024
const HEADERS_TIMEOUT_MS = 10_000
const REQUEST_TIMEOUT_MS = 30_000
/** Longer than proxies keep an idle connection, so that none is closed under them. */
const KEEP_ALIVE_MS = 75_000
const CHECK_EVERY_MS = 5_000

/** A server on which slow and oversized requests cannot hold on to connections. */
export function createLimitedServer(app: Express): Server {
  const server = createServer(
    {
      ...serverOptions(app),
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connectionsCheckingInterval: CHECK_EVERY_MS,
    },
    app,
  )
  // RFC 9110, 10.1.1: an expectation that nobody knows may be passed over. Node.js would answer 417 for us.
  return server.on('checkExpectation', app)
}
