// Amazon: the emulator over https, and codes as people would bring them back.
import { readFileSync } from 'node:fs'

import { startEmulator } from '../../../dist/emulator/index.js'
import { answerDriver, settings } from './child.mjs'

const { keyFile, certFile, clientId, clientSecret } = settings

/** Whom the emulator knows: it looks here at each request. */
const people = [person(0)]

const emulator = await startEmulator({
  tls: { key: readFileSync(keyFile), cert: readFileSync(certFile) },
  clients: [{ clientId, clientSecret, allowedReturnUrls: [], allowAnyReturnUrl: true }],
  people,
})

function person(n) {
  return {
    userId: `amzn1.account.${n}`,
    name: `Person ${n}`,
    email: `person-${n}@example.com`,
    postalCode: '98101',
  }
}

answerDriver(
  { apiUrl: emulator.apiUrl, authorizeUrl: emulator.authorizeUrl },
  {
    /** Knows these people from now on, and nobody else. */
    invite(numbers) {
      people.splice(0, people.length, ...numbers.map(person))
    },
    /** Allows logins, each for a person by number. Gives the addresses that browsers return to. */
    allow(logins) {
      return logins.map((login) => {
        const query = new URL(login.begun).searchParams
        const redirectUri = query.get('redirect_uri')
        const back = new URL(redirectUri)
        const codeChallenge = query.get('code_challenge') ?? undefined
        const { userId } = person(login.person)
        back.searchParams.set(
          'code',
          emulator.issueCode({ clientId, redirectUri, userId, codeChallenge }),
        )
        const state = query.get('state')
        if (state !== null) back.searchParams.set('state', state)
        return back.href
      })
    },
  },
)
