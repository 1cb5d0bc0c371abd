// What a host on SQLite waits for when it starts: the package is loaded, the middleware built, the store opened.
const { randomBytes } = require('node:crypto')

const { dist, storeUrl, clientId, clientSecret } = JSON.parse(process.argv[2])

const before = process.cpuUsage()
const { amazonAuth } = require(dist)
const loaded = spent()
const auth = amazonAuth({
  secretKey: randomBytes(48).toString('base64'),
  store: { url: storeUrl },
  apps: { shop: { azAppId: clientId, azSecret: clientSecret } },
})
auth.ready().then(() => {
  process.send({ ready: { loaded, ready: spent() } }, () => process.exit())
})

function spent() {
  const { user, system } = process.cpuUsage(before)
  return { cpuMs: (user + system) / 1000, modules: Object.keys(require.cache).length - 1 }
}
