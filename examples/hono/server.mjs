// A shop on Hono, whose visitors sign in with Amazon.
//   node examples/hono/server.mjs
import '../emulator.mjs'

import { serve } from '@hono/node-server'
import { getConnInfo } from '@hono/node-server/conninfo'
import { createAuthHandler } from 'express-amazon-auth/handler'
import { Hono } from 'hono'

const { AZ_APP_ID: azAppId, AZ_SECRET: azSecret, PORT = '3000' } = process.env
const { PUBLIC_URL = `http://localhost:${PORT}` } = process.env
const auth = createAuthHandler({
  publicUrl: PUBLIC_URL,
  apps: { shop: { azAppId, azSecret, signinSuccess: '/orders' } },
})
const app = new Hono()

/** Middleware that lets the handler, or a guard, have the request first. */
function askFirst(door) {
  return async (context, next) => {
    const { address } = getConnInfo(context).remote
    const visitor = await door.fetch(context.req.raw, { address })
    if (visitor instanceof Response) return visitor
    context.set('visitor', visitor)
    await next()
  }
}

app.use(askFirst(auth))

app.get('/', (context) => context.text(`Hello ${context.get('visitor').user?.name ?? 'stranger'}`))

app.get('/orders', askFirst(auth.requireUser({ app: 'shop', signIn: true })), (context) =>
  context.text(`Orders of ${context.get('visitor').user.name}`),
)

app.post('/sign-out', async (context) => {
  const headers = await context.get('visitor').signOut()
  headers.set('location', '/')
  return new Response(null, { status: 303, headers })
})

const server = serve({ fetch: app.fetch, port: Number(PORT) }, () =>
  console.log(`The shop is at ${PUBLIC_URL}`),
)
// The emulator, where there is one, would keep the process.
process.once('SIGTERM', () => server.close(() => void auth.close().then(() => process.exit())))
