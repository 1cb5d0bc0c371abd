// Asks the profile endpoint of argv[2] argv[3] times at once and prints what became of it and how much memory it took.
import { buildEndpoints } from '../../src/amazon/endpoints'
import { createAmazonGuard } from '../../src/amazon/amazon-guard'
import { createConnections } from '../../src/amazon/connections'
import { createAxios } from '../../src/amazon/create-axios'
import { fetchProfile } from '../../src/amazon/fetch-profile'
import { toAmazonAuthError } from '../../src/errors'
import { silentLogger } from '../../src/server/logging/create-logger'

export interface ChildReport {
  /** Error codes, or `ok`; each once. */
  readonly results: readonly string[]
  /** Reasons of the failures; each once. */
  readonly reasons: readonly unknown[]
  readonly rssGrowthBytes: number
}

const [apiUrl = '', count = '1'] = process.argv.slice(2)
const connections = createConnections()
const http = {
  pooled: createAxios(connections, 'any'),
  fresh: createAxios(connections, 'short'),
  timeoutMs: 5_000,
  guard: createAmazonGuard(silentLogger),
  endpoints: buildEndpoints('https://amazon.invalid/ap/oa', apiUrl),
}

async function askAll(): Promise<ChildReport> {
  const asks = Array.from({ length: Number(count) }, async () => {
    try {
      await fetchProfile('Atza|any', http, performance.now() + 10_000)
      return { result: 'ok', reason: undefined }
    } catch (thrown) {
      const { code, facts } = toAmazonAuthError(thrown)
      return { result: code, reason: facts.reason }
    }
  })
  const base = process.memoryUsage.rss()
  let peak = base
  const sampler = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 2)
  const done = await Promise.all(asks)
  clearInterval(sampler)
  return {
    results: [...new Set(done.map(({ result }) => result))],
    reasons: [...new Set(done.map(({ reason }) => reason))],
    rssGrowthBytes: Math.max(peak, process.memoryUsage.rss()) - base,
  }
}

// Once before it counts: code that runs for the first time takes memory, too.
void askAll()
  .then(askAll)
  .then((report) => {
    process.stdout.write(JSON.stringify(report))
    process.exit()
  })
