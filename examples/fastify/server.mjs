// A shop on Fastify, whose visitors sign in with Amazon.
//   node examples/fastify/server.mjs
import '../emulator.mjs'

import { createAuthHandler } from 'express-amazon-auth/handler'
import Fastify from 'fastify'

const { AZ_APP_ID: azAppId, AZ_SECRET: azSecret, PORT = '3000' } = process.env
const { PUBLIC_URL = `http://localhost:${PORT}` } = process.env
const auth = createAuthHandler({
  publicUrl: PUBLIC_URL,
  apps: { shop: { azAppId, azSecret, signinSuccess: '/orders' } },
})
const app = Fastify()

/** A hook that lets the handler, or a guard, have the request first: `onRequest`, since no body is parsed by then. */
function askFirst(door) {
  return async (request, reply) => {
    // Headers of other plugins (CORS, helmet) are kept by Fastify, which has no part in what is answered here.
    for (const [name, value] of Object.entries(reply.getHeaders())) reply.raw.setHeader(name, value)
    const visitor = await door.handle(request.raw, reply.raw)
    if (visitor === undefined) return reply.hijack()
    request.visitor = visitor
  }
}

app.decorateRequest('visitor', null)
app.addHook('onRequest', askFirst(auth))
// A sign-out has put its cookies on the answer of node:http, where one cookie of Fastify's would take their place.
app.addHook('onSend', async (_request, reply) => {
  const lines = [reply.raw.getHeader('set-cookie') ?? [], reply.getHeader('set-cookie') ?? []]
  const cookies = new Set(lines.flat())
  if (cookies.size > 0) reply.removeHeader('set-cookie').header('set-cookie', [...cookies])
})
app.addHook('onClose', () => auth.close())

app.get('/', (request) => `Hello ${request.visitor.user?.name ?? 'stranger'}`)

const ordersGuard = askFirst(auth.requireUser({ app: 'shop', signIn: true }))
app.get(
  '/orders',
  { onRequest: ordersGuard },
  (request) => `Orders of ${request.visitor.user.name}`,
)

app.post('/sign-out', async (request, reply) => {
  await request.visitor.signOut()
  return reply.header('set-cookie', 'basket=; Max-Age=0').redirect('/', 303)
})

await app.listen({ port: Number(PORT) })
console.log(`The shop is at ${PUBLIC_URL}`)
// The emulator, where there is one, would keep the process.
process.once('SIGTERM', () => void app.close().then(() => process.exit()))
