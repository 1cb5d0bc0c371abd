// A shop as a function of AWS Lambda, behind a function URL or an HTTP API (payload format 2.0). It keeps nothing between two
// requests, so it needs a store that is elsewhere, and keys that are the same in all of its processes:
//   para_store_url=postgres://… para_secret_key=… para_public_url=https://… para_apps_shop_az_app_id=… para_apps_shop_az_secret=…
import { createAuthHandler } from 'express-amazon-auth/handler'

// Once for the process, which serves many requests. BASE_PATH: the stage, where it is part of the address ("/prod").
const { BASE_PATH: basePath = '' } = process.env
const auth = createAuthHandler({
  basePath,
  apps: { shop: { signinSuccess: `${basePath}/orders` } },
})
const ordersGuard = auth.requireUser({ app: 'shop', signIn: true })

export async function handler(event) {
  const request = toRequest(event)
  const from = { address: event.requestContext.http.sourceIp }
  const visitor = await auth.fetch(request, from)
  const response =
    visitor instanceof Response
      ? visitor
      : await serve(request, visitor, (door) => door.fetch(request, from))
  const result = await toResult(response)
  // The process may be stopped right behind its answer: what is known of a sign-in is written before.
  await auth.flush()
  return result
}

async function serve(request, visitor, ask) {
  const path = new URL(request.url).pathname.slice(basePath.length)
  if (path === '/') return new Response(`Hello ${visitor.user?.name ?? 'stranger'}`)
  if (path === '/orders') {
    const customer = await ask(ordersGuard)
    if (customer instanceof Response) return customer
    return new Response(`Orders of ${customer.user.name}`)
  }
  if (path === '/sign-out' && request.method === 'POST') {
    const headers = await visitor.signOut()
    headers.set('location', `${basePath}/`)
    return new Response(null, { status: 303, headers })
  }
  return new Response('Not found', { status: 404 })
}

function toRequest({ rawPath, rawQueryString, headers, cookies = [], body, ...event }) {
  const { domainName, http } = event.requestContext
  const url = new URL(`https://${domainName}${rawPath}`)
  url.search = rawQueryString
  const sent = new Headers(headers)
  if (cookies.length > 0) sent.set('cookie', cookies.join('; '))
  const bytes = body && Buffer.from(body, event.isBase64Encoded ? 'base64' : 'utf8')
  return new Request(url, { method: http.method, headers: sent, body: bytes })
}

async function toResult(response) {
  const headers = new Headers(response.headers)
  const cookies = headers.getSetCookie()
  headers.delete('set-cookie')
  const body = Buffer.from(await response.arrayBuffer()).toString('base64')
  return {
    statusCode: response.status,
    headers: Object.fromEntries(headers),
    cookies,
    body,
    isBase64Encoded: true,
  }
}
