// In Bun.serve or Deno.serve, with the stores that are named: the database, and sessions in Redis.
import { startEmulator } from 'express-amazon-auth/emulator'
import { createAuthHandler } from 'express-amazon-auth/handler'

import { walk } from './sign-in.cjs'

const [storeUrl, sessionStoreUrl, port] = process.argv.slice(2)
const origin = `http://127.0.0.1:${port}`
const client = {
  clientId: 'id',
  clientSecret: 'secret',
  allowedReturnUrls: [`${origin}/amazon_auth`],
}
const emulator = await startEmulator({ clients: [client] })
const auth = createAuthHandler({
  publicUrl: origin,
  secretKey: 'key-0123456789-abcdefghijklmnopqrstuvwxyz',
  store: { url: storeUrl },
  session: { storeUrl: sessionStoreUrl },
  amazon: { authorizeUrl: emulator.authorizeUrl, apiUrl: emulator.apiUrl },
  apps: { shop: { azAppId: 'id', azSecret: 'secret', signinSuccess: '/welcome' } },
})
const shop = auth.requireUser({ app: 'shop' })

async function serve(request, address) {
  const door = new URL(request.url).pathname === '/welcome' ? shop : auth
  const visitor = await door.fetch(request, { address })
  return visitor instanceof Response ? visitor : new Response(visitor.user?.name)
}

const { Bun, Deno } = globalThis
const at = { port, hostname: '127.0.0.1' }
if (Deno !== undefined) {
  const onListen = () => undefined
  Deno.serve({ ...at, onListen }, (request, { remoteAddr }) => serve(request, remoteAddr.hostname))
} else {
  Bun.serve({
    ...at,
    fetch: (request, server) => serve(request, server.requestIP(request)?.address),
  })
}
console.log(await walk(origin, emulator))
await auth.close()
await emulator.close()
process.exit(0)
