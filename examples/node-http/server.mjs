// A server of node:http alone, whose visitors sign in with Amazon.
//   node examples/node-http/server.mjs
import '../emulator.mjs'

import { createServer } from 'node:http'

import { createAuthHandler } from 'express-amazon-auth/handler'

const { AZ_APP_ID: azAppId, AZ_SECRET: azSecret, PORT = '3000' } = process.env
const { PUBLIC_URL = `http://localhost:${PORT}` } = process.env
const auth = createAuthHandler({
  publicUrl: PUBLIC_URL,
  apps: { shop: { azAppId, azSecret, signinSuccess: '/orders' } },
})
const ordersGuard = auth.requireUser({ app: 'shop', signIn: true })

async function serve(req, res) {
  const visitor = await auth.handle(req, res)
  if (visitor === undefined) return // it was one of its own paths, and is answered

  const { pathname } = new URL(req.url, PUBLIC_URL)
  if (pathname === '/') {
    res.end(`Hello ${visitor.user?.name ?? 'stranger'}`)
  } else if (pathname === '/orders') {
    const customer = await ordersGuard.handle(req, res)
    if (customer !== undefined) res.end(`Orders of ${customer.user.name}`)
  } else if (pathname === '/sign-out' && req.method === 'POST') {
    await visitor.signOut() // its cookies are on the answer
    res.writeHead(303, { location: '/' }).end()
  } else {
    res.writeHead(404).end()
  }
}

const server = createServer((req, res) => {
  serve(req, res).catch((error) => {
    console.error(error)
    if (!res.headersSent) res.writeHead(500)
    res.end()
  })
})
server.listen(Number(PORT), () => console.log(`The shop is at ${PUBLIC_URL}`))

process.once('SIGTERM', () => {
  // The emulator, where there is one, would keep the process.
  server.close(() => void auth.close().then(() => process.exit()))
  server.closeIdleConnections()
})
