const { once } = require('node:events')

/**
 * Signs somebody in, with what a project has got from each package.
 *
 * @returns The name of who is signed in at the end.
 */
exports.signIn = async (express, { amazonAuth, requireUser }, { startEmulator }) => {
  const app = express()
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${server.address().port}`
  const client = {
    clientId: `amzn1.application-oa2-client.${'6d1f0c94'.repeat(4)}`,
    clientSecret: `amzn1.oa2-cs.v1.${'b7e20a35'.repeat(8)}`,
    allowedReturnUrls: [`${origin}/amazon_auth`],
  }
  const emulator = await startEmulator({ clients: [client] })
  const auth = amazonAuth({
    publicUrl: origin,
    store: { url: 'sqlite::memory:' },
    amazon: { authorizeUrl: emulator.authorizeUrl, apiUrl: emulator.apiUrl },
    apps: {
      shop: { azAppId: client.clientId, azSecret: client.clientSecret, signinSuccess: '/welcome' },
    },
  })
  app.use(auth)
  app.get('/welcome', requireUser({ app: 'shop' }), (req, res) => {
    res.send(req.amazonAuth.user.name)
  })
  try {
    return await walk(origin, emulator)
  } finally {
    server.close()
    server.closeAllConnections()
    await auth.close()
    await emulator.close()
  }
}

/** @returns What the page says to whom is signed in at the end. */
async function walk(origin, emulator) {
  const begun = await visit(`${origin}/amazon_auth?state=shop`)
  const back = await emulator.allow(begun.headers.get('location'))
  const done = await visit(back, cookiesOf(begun))
  const welcome = await visit(new URL(done.headers.get('location'), origin), cookiesOf(done))
  return welcome.text()
}
exports.walk = walk

function visit(url, cookie = '') {
  return fetch(url, { redirect: 'manual', headers: { cookie } })
}

function cookiesOf(answer) {
  return answer.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
}
