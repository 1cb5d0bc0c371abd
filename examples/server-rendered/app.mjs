// A shop whose pages are made on the server: templates, a session with a cart that outlives the sign-in, pages for those who are
// signed in.
//   node examples/server-rendered/app.mjs
import '../emulator.mjs'

import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

import express from 'express'
import { amazonAuth, requireUser } from 'express-amazon-auth'
import session from 'express-session'

const { PORT = '3000', PUBLIC_URL = `http://localhost:${PORT}` } = process.env
const { AZ_APP_ID: azAppId, AZ_SECRET: azSecret } = process.env
// One of your own keeps sessions over a restart, and is the same on all nodes.
const { SESSION_SECRET = randomBytes(32).toString('hex') } = process.env
const app = express()
const isSecure = PUBLIC_URL.startsWith('https:')

// Behind a proxy that ends TLS: without it, no cookie is sent.
if (isSecure) app.set('trust proxy', 'loopback')
app.engine('html', render)
app.set('views', fileURLToPath(new URL('views', import.meta.url)))
app.set('view engine', 'html')

// The shop's own session, mounted first: sign-ins are kept in it, too. In production, give it a store.
app.use(
  session({
    secret: SESSION_SECRET,
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: 'lax', secure: isSecure },
  }),
)
app.use(
  amazonAuth({
    publicUrl: PUBLIC_URL,
    apps: { shop: { azAppId, azSecret, signinSuccess: '/orders', signinFailure: '/?cause=?' } },
    session: { keep: true }, // the cart outlives the sign-in, which renews the session's id
  }),
)

app.get('/', (req, res) => {
  const { user } = req.amazonAuth
  const failed = typeof req.query.cause === 'string'
  res.render('home', { name: user?.name, items: itemsOf(req), failed })
})

// A form of another site comes without the cookie (SameSite=Lax), so into a session of nobody.
app.post('/cart', express.urlencoded({ extended: false }), (req, res) => {
  req.session.items = [...itemsOf(req), String(req.body?.item ?? '').slice(0, 100)].slice(-20)
  res.redirect(303, '/')
})

// Who is not signed in is sent to Amazon, and comes back to the very page.
app.get('/orders', requireUser({ app: 'shop', signIn: true }), (req, res) => {
  const { id, name, email } = req.amazonAuth.user
  res.render('orders', { id, name, email, items: itemsOf(req), year: req.query.year ?? 'all' })
})

app.listen(Number(PORT), () => console.log(`The shop is at ${PUBLIC_URL}`))

function itemsOf(req) {
  return req.session.items ?? []
}

/**
 * As small as a template engine can be: `{{name}}`, escaped; `{{#name}}…{{/name}}`, shown for each item of a list, or once for what
 * is there; `{{^name}}…{{/name}}` for what is not. Take EJS, Pug or Handlebars for more: nothing else changes.
 */
function render(file, values, done) {
  readFile(file, 'utf8').then((text) => done(null, fill(text, values)), done)
}

function fill(text, values) {
  const SECTION = /\{\{([#^])(\w+)\}\}([^]*?)\{\{\/\2\}\}/g
  const whole = text.replace(SECTION, (_all, kind, name, part) => {
    const list = [values[name]].flat().filter(Boolean)
    if (kind === '^') return list.length === 0 ? part : ''
    return list.map((item) => part.replaceAll('{{.}}', escape(item))).join('')
  })
  return whole.replace(/\{\{(\w+)\}\}/g, (_all, name) => escape(values[name] ?? ''))
}

function escape(value) {
  return String(value).replace(/[&<>"'{}]/g, (character) => `&#${character.charCodeAt(0)};`)
}
