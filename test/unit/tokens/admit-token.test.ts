import { sign } from 'jsonwebtoken'

import { admitToken } from '../../../src/tokens/admit-token'
import { issueIdToken } from '../../../src/tokens/issue-id-token'
import { issueSessionToken } from '../../../src/tokens/issue-session-token'
import type { TokenKind } from '../../../src/tokens/token-kind'
import { acme, ann, depsWith, NOW, NOW_MS, refusalOf } from './token-world'

const life = { ttlSeconds: 60, nowMs: NOW_MS }
const tokens: Record<TokenKind, string> = {
  id: issueIdToken(acme, ann, life),
  session: issueSessionToken(acme, ann, life).token,
  super: sign({ appid: 'acme', exp: NOW + 60 }, acme.secret, { noTimestamp: true }),
}
const kinds: TokenKind[] = ['id', 'session', 'super']
const strictDeps = () => ({ ...depsWith(), policy: { strict: true } })

test.each(kinds)('a token of kind %s opens any door, as often as it is shown', async (kind) => {
  const deps = depsWith()
  const admit = () => admitToken(tokens[kind], { takes: [], isInUrl: true }, deps)
  expect([await admit(), await admit()]).toMatchObject([{ kind }, { kind }])
  expect(deps.used.size).toBe(0)
})

test.each(kinds)('where strict, kind %s opens only doors that take it', async (kind) => {
  const verified = await admitToken(tokens[kind], { takes: [kind] }, strictDeps())
  expect(verified).toMatchObject({ kind })
  const takes = kinds.filter((other) => other !== kind)
  expect(await refusalOf(admitToken(tokens[kind], { takes }, strictDeps()))).toBe(
    `token_invalid: no place for a token of kind ${kind}`,
  )
})

test.each(kinds)('where strict, kind %s opens none from a URL', async (kind) => {
  const door = { takes: kinds, isInUrl: true }
  expect(await refusalOf(admitToken(tokens[kind], door, strictDeps()))).toBe(
    'token_invalid: in the URL',
  )
})

test('where strict, an ID token is good once, and others are not used up', async () => {
  const deps = strictDeps()
  const { id } = await admitToken(tokens.id, { takes: ['id'] }, deps)
  expect([...deps.used]).toEqual([`acme id_token ${id} ${(NOW + 60) * 1000}`])
  expect(await refusalOf(admitToken(tokens.id, { takes: ['id'] }, deps))).toBe(
    'token_invalid: used before',
  )
  for (const kind of ['session', 'session', 'super', 'super'] as const) {
    await expect(admitToken(tokens[kind], { takes: [kind] }, deps)).resolves.toBeDefined()
  }
})

test('an app may be strict by itself', async () => {
  const deps = depsWith({ app: { ...acme, settings: { 'security.strict': true } } })
  expect(await refusalOf(admitToken(tokens.id, { takes: [] }, deps))).toMatch('no place')
})

test('what is no token is refused', async () => {
  expect(await refusalOf(admitToken('x', { takes: kinds }, depsWith()))).toMatch('token_invalid')
})
