// Amazon: the emulator over https, and codes as people would bring them back.
import { readFileSync } from 'node:fs'

import { startEmulator } from '../../../dist/emulator/index.js'
import { answerDriver, settings } from './child.mjs'

const { keyFile, certFile, clientId, clientSecret, people } = settings

const emulator = await startEmulator({
  tls: { key: readFileSync(keyFile), cert: readFileSync(certFile) },
  clients: [{ clientId, clientSecret, allowedReturnUrls: [], allowAnyReturnUrl: true }],
  people: Array.from({ length: people.count }, (_none, n) =>
    person(people.first + n * people.step),
  ),
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
    /** Allows each of these logins for the next person in turn. Gives the addresses that browsers return to. */
    allow(begins) {
      return begins.map((begin, n) => {
        const query = new URL(begin).searchParams
        const redirectUri = query.get('redirect_uri')
        const back = new URL(redirectUri)
        const codeChallenge = query.get('code_challenge') ?? undefined
        const userId = `amzn1.account.${people.first + (n % people.count) * people.step}`
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
