// A whole day of a mobile app, without the phone:
//   node examples/with-server.mjs examples/mobile-app/main.mjs
//   AUTH_URL=https://auth.example.com APP=shop AMAZON_TOKEN='Atza|…' node examples/mobile-app/main.mjs
import { Session } from './session.mjs'

const { AUTH_URL: url, APP: app, AMAZON_TOKEN: amazonToken } = process.env

const { session, user } = await Session.signIn(url, { app, amazonToken })
console.log(`signed in as ${user.name} (${user.identifier})`)

const kept = JSON.stringify(session) // the app is closed, and opened again
const reopened = new Session(url, JSON.parse(kept))
console.log(`still ${(await reopened.me()).name}`)

await Promise.all([reopened.renew(), reopened.renew()])
console.log(
  `renewed: ${JSON.stringify(reopened) !== kept}, and ${(await reopened.me()).name} again`,
)

await reopened.signOut()
console.log(`signed out: ${(await reopened.me()) === undefined}`)
