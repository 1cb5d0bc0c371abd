import { claimsOf, startServer, type TestServer } from '../support/api'
import type { Case, Expected } from './case'
import { compare } from './compare'
import { World, type Exchange } from './world'

export interface Verdict {
  readonly exchanges: readonly Exchange[]
  /** Empty: the line holds. */
  readonly differences: readonly string[]
}

/** Runs one case on a server of its own. */
export async function runCase({ setup, send, expected }: Case): Promise<Verdict> {
  const server = await startServer(setup)
  const world = new World(server)
  try {
    const value = await send(world)
    const actual = observe(world, server, value)
    return { exchanges: world.exchanges, differences: compare(expected, actual) }
  } catch (error) {
    return { exchanges: world.exchanges, differences: [String(error)] }
  } finally {
    await server.close()
  }
}

/** Everything about the last answer that a case may expect. */
function observe(
  { exchanges }: World,
  { emulator }: TestServer,
  value: unknown,
): Required<Expected> {
  const { status = 0, headers = {}, text = '' } = exchanges.at(-1) ?? {}
  const location = String(headers.location ?? '')
  const query = URL.canParse(location, 'http://relative') ? parametersOf(location) : {}
  const json = parse(text) as
    Readonly<Record<string, { access_token?: string } | undefined>> | undefined
  const token = query.jwt ?? json?.jwt?.access_token ?? text
  const setCookies = [headers['set-cookie'] ?? []].flat()
  const isToken = /^ey[\w-]+\.[\w-]+\.[\w-]+$/.test(token)
  return {
    status,
    headers,
    location,
    query,
    text,
    json,
    cookies: setCookies.map((line) => line.slice(0, line.indexOf('='))).join(','),
    claims: isToken ? claimsOf(token) : {},
    asked: emulator.journal
      .entries()
      .filter(({ path }) => !path.startsWith('/ap/'))
      .map(({ method, path }) => `${method} ${path}`),
    tokenRequest: emulator.journal.entries({ path: '/auth/o2/token' }).at(-1)?.body ?? {},
    value,
  }
}

function parametersOf(location: string): Record<string, string> {
  return Object.fromEntries(new URL(location, 'http://relative').searchParams)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
