// One server, a tenant for each host name, and all of them in a table of one's own: none is known when it starts.
//   node examples/many-apps/app.mjs
// and open http://shop.localhost:3000 and http://news.localhost:3000. With TENANTS_FILE=tenants.db there are none to begin with.
import '../emulator.mjs'

import express from 'express'
import { amazonAuth, requireUser } from 'express-amazon-auth'

import { openTenants } from './tenants.mjs'

const { PORT = '3000', TENANTS_FILE } = process.env
const tenants = await openTenants(TENANTS_FILE ?? ':memory:')
if (TENANTS_FILE === undefined) {
  const { AZ_APP_ID: client_id, AZ_SECRET: client_secret } = process.env
  for (const id of ['shop', 'news']) {
    await tenants.put({ id, host: `${id}.localhost`, name: id, client_id, client_secret })
  }
}
const app = express()

const auth = amazonAuth({
  // Asked when somebody comes to an app, and again every other second while it is in use. Amazon's keys stay in the table.
  apps: async (id) => {
    const tenant = await tenants.byId(id)
    return (
      tenant && {
        azAppId: tenant.client_id,
        azSecret: tenant.client_secret,
        signinSuccess: '/welcome',
        signinFailure: '/?cause=?',
      }
    )
  },
  hooks: {
    // Which tenant a request is for, where it does not say so itself.
    resolveApp: async (req) => (await tenants.byHost(req.hostname))?.id,
  },
})
app.use(auth)

app.get('/', async (req, res) => {
  const tenant = await tenants.byHost(req.hostname)
  if (tenant === undefined) return res.status(404).send('Nobody lives here.')
  return res.type('text').send(`${tenant.name}: sign in at /amazon_auth?state=${tenant.id}`)
})

app.get('/welcome', requireUser({ signIn: true }), (req, res) => {
  const { app: tenant, user } = req.amazonAuth
  res.json({ tenant: tenant.appIdentifier, id: user.id, name: user.name })
})

// What changes a tenant says so; without it, the change is seen within two seconds.
app.put('/tenants/:id', express.json(), onlyFromHere, async (req, res) => {
  await tenants.put({ ...req.body, id: req.params.id })
  await auth.forgetApp(req.params.id)
  res.sendStatus(204)
})
app.delete('/tenants/:id', onlyFromHere, async (req, res) => {
  await tenants.remove(req.params.id)
  await auth.forgetApp(req.params.id)
  res.sendStatus(204)
})

app.listen(Number(PORT), () => console.log(`Tenants are at port ${PORT}`))

/** Stands for a back office of yours: whoever runs this process has its token. */
function onlyFromHere(req, res, next) {
  const isKnown = req.get('authorization') === `Bearer ${process.env.OFFICE_TOKEN}`
  if (process.env.OFFICE_TOKEN && isKnown) next()
  else res.sendStatus(403)
}
