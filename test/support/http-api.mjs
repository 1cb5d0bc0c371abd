// An HTTP API of API Gateway with a stage, before a function: its events are of payload format 2.0.
import { createServer } from 'node:http'
import { buffer } from 'node:stream/consumers'

export function serveHttpApi(handler, port) {
  const server = createServer(async (req, res) => {
    try {
      const result = await handler(toEvent(req, await buffer(req)))
      for (const cookie of result.cookies ?? []) res.appendHeader('set-cookie', cookie)
      res.writeHead(result.statusCode, result.headers)
      res.end(Buffer.from(result.body ?? '', result.isBase64Encoded ? 'base64' : 'utf8'))
    } catch (error) {
      console.error(error)
      res.writeHead(502).end('{"message":"Internal Server Error"}')
    }
  })
  server.listen(port, '127.0.0.1')
}

function toEvent(req, bytes) {
  const { pathname, search } = new URL(req.url, 'http://gateway')
  const { cookie, ...headers } = req.headers
  const isText = /^(text\/|application\/json)/.test(headers['content-type'] ?? '')
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: pathname,
    rawQueryString: search.slice(1),
    headers,
    ...(cookie && { cookies: cookie.split('; ') }),
    requestContext: {
      accountId: '123456789012',
      apiId: 'api-id',
      domainName: headers.host,
      domainPrefix: 'api-id',
      http: {
        method: req.method,
        path: pathname,
        protocol: 'HTTP/1.1',
        sourceIp: '203.0.113.7',
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: 'JKJaXmPLvHcESHA=',
      routeKey: '$default',
      stage: 'prod',
      time: '12/Mar/2026:19:03:58 +0000',
      timeEpoch: 1773342238000,
    },
    ...(bytes.length > 0 && { body: bytes.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: bytes.length > 0 && !isText,
  }
}
