import { allowsReturnUrl, Clients, DEMO_CLIENTS } from './clients'
import { CodePairs, type CodePair } from './code-pairs'
import { decideAsBrowser } from './decide-as-browser'
import type { Emulator, EmulatorOptions, IssueCodeOptions } from './emulator'
import { emulatorApp } from './emulator-app'
import type { EmulatorState } from './endpoint'
import { Faults } from './faults/faults'
import { Grants } from './grants'
import { Journal } from './journal'
import { listen } from './listener'
import { PEOPLE, type Person } from './people'
import { TokenRules } from './token-rules'

/**
 * Starts an emulator of Login with Amazon: consent page, token, profile, token info and code pair,
 * over real HTTP.
 *
 * It keeps everything in memory and gives what it made up to anyone who asks: for development and
 * tests only.
 *
 * @throws {TypeError} When an option is wrong.
 * @throws {Error} Node's `EADDRINUSE` and the like, when it cannot listen.
 * @see https://developer.amazon.com/docs/login-with-amazon/authorization-code-grant.html
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const prepared = prepareState(options)
  const listener = await listen(options)
  const state: EmulatorState = { ...prepared, origin: listener.origin }
  listener.onRequest(emulatorApp(state))
  return { ...controls(state), close: () => listener.close() }
}

function prepareState(options: EmulatorOptions): Omit<EmulatorState, 'origin'> {
  const { people = PEOPLE } = options
  const now = options.now ?? Date.now
  if (people.length === 0) throw new TypeError('people must name at least one person')
  return {
    clients: new Clients(options.clients ?? DEMO_CLIENTS),
    people,
    grants: new Grants(now),
    codePairs: new CodePairs(now, options.codePairLifeSeconds),
    faults: new Faults(),
    tokenRules: new TokenRules(options),
    journal: new Journal(),
    latencyMs: options.latencyMs ?? 0,
    pollIntervalSeconds: options.pollIntervalSeconds ?? 30,
    deviceDenial: options.deviceDenial ?? 'access_denied',
    issuer: options.issuer ?? 'https://www.amazon.com',
    now,
  }
}

function controls(state: EmulatorState): Omit<Emulator, 'close'> {
  const { origin, journal, faults, tokenRules, clients, grants, people } = state
  return {
    origin,
    authorizeUrl: `${origin}/ap/oa`,
    apiUrl: origin,
    journal,
    faults,
    tokenRules,
    addClient: (client) => clients.add(client),
    issueCode: (options) => issueCode(options, state),
    issueAccessToken: ({ clientId, userId, scope = 'profile', expiresInSeconds }) =>
      grants.issueAccessToken(
        { clientId, userId: getPerson(people, userId).userId, scope },
        expiresInSeconds ?? tokenRules.get().accessTokenLifeSeconds,
      ),
    withdrawConsent: ({ clientId, userId }) =>
      grants.withdraw({ clientId, userId: getPerson(people, userId).userId }),
    allow: async (url, userId, { without = [] } = {}) =>
      decideAsBrowser(url, origin, {
        decision: 'allow',
        person: getPerson(people, userId).userId,
        without,
      }),
    allowDevice(userCode, userId) {
      const { clientId, scope } = getPair(userCode, state)
      decideOn(getPair(userCode, state), {
        clientId,
        scope,
        userId: getPerson(people, userId).userId,
      })
    },
    denyDevice: (userCode) => decideOn(getPair(userCode, state), 'denied'),
    deny: (url) => decideAsBrowser(url, origin, { decision: 'cancel' }),
  }
}

function issueCode(options: IssueCodeOptions, { clients, people, grants }: EmulatorState): string {
  const { clientId, redirectUri, userId, scope = 'profile', codeChallenge } = options
  const client = clients.find(clientId)
  if (client === undefined) throw new TypeError(`no client has the id ${clientId}`)
  if (!allowsReturnUrl(client, redirectUri)) {
    throw new TypeError(`${redirectUri} is not among the client's allowedReturnUrls`)
  }
  return grants.issueCode({
    clientId,
    userId: getPerson(people, userId).userId,
    scope,
    redirectUri,
    challenge: codeChallenge === undefined ? undefined : { method: 'S256', value: codeChallenge },
  })
}

function getPair(userCode: string, { codePairs }: EmulatorState): CodePair {
  const pair = codePairs.find(userCode)
  if (pair?.decision !== 'pending') throw new TypeError('no such code waits for a person')
  return pair
}

function decideOn(pair: CodePair, decision: CodePair['decision']): void {
  pair.decision = decision
}

function getPerson(people: readonly Person[], userId: string | undefined): Person {
  const person = people.find((one) => userId === undefined || one.userId === userId)
  if (person === undefined) throw new TypeError(`no person has the id ${String(userId)}`)
  return person
}
