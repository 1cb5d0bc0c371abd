import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { parser } from '@prometheus-io/lezer-promql'
import { Registry } from 'prom-client'

import { createMetrics } from '../../../src/metrics/metrics'

const ROOT = join(__dirname, '../../..')
const FILE = join(ROOT, 'docs/grafana/express-amazon-auth.json')
const run = promisify(execFile)

interface Dashboard {
  readonly panels: readonly { readonly targets: readonly { readonly expr: string }[] }[]
}

const text = readFileSync(FILE, 'utf8')
const { panels } = JSON.parse(text) as Dashboard
const expressions = panels.flatMap(({ targets }) => targets).map(({ expr }) => expr)

/** Labels of each series as it is scraped, and those that Prometheus adds. */
async function labelsScraped(prefix: string): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const register = new Registry()
  const metrics = createMetrics({ register })
  metrics.countLogin('acme', 'success', 'ok')
  metrics.observeStep('exchange_code', 250)
  metrics.countAmazonRequest('token', 'ok')
  metrics.countAmazonTokenRequest('ok')
  metrics.countAmazonTokenRefresh('ok')
  const scraped = prefix === '' ? await metrics.text() : await register.metrics()
  const found = new Map([['up', new Set(['job', 'instance'])]])
  for (const [, name = '', labels = ''] of scraped.matchAll(/^(\w+)(?:\{(.*)\})? [\d.]+$/gm)) {
    const names = Array.from(labels.matchAll(/(\w+)="/g), ([, label = '']) => label)
    found.set(name, new Set([...names, 'job', 'instance']))
  }
  return found
}

test('is a dashboard by the types of Grafana itself', async () => {
  const directory = mkdtempSync(join(ROOT, 'node_modules/.cache/dashboard-'))
  try {
    const program = `import type { Dashboard } from '@grafana/schema'\nexport const it: Dashboard = ${text}`
    writeFileSync(join(directory, 'dashboard.ts'), program)
    const options =
      '--ignoreConfig --noEmit --strict --skipLibCheck --module nodenext --types node'.split(' ')
    const tsc = join(ROOT, 'node_modules/typescript-native/bin/tsc')
    const { stdout } = await run(process.execPath, [tsc, ...options, 'dashboard.ts'], {
      cwd: directory,
    }).catch((error: unknown) => error as { stdout: string })
    expect(stdout).toBe('')
  } finally {
    rmSync(directory, { recursive: true })
  }
})

test.each(['', 'amazon_auth_'])(
  'every expression is PromQL of series and labels that are there, with the prefix "%s"',
  async (prefix) => {
    const scraped = await labelsScraped(prefix)
    const used = new Set<string>()
    expect(expressions.length).toBeGreaterThan(10)
    for (const each of expressions) {
      const expression = each
        .replaceAll('${prefix}', prefix)
        .replace(/\$__(?:rate_interval|range)/g, '5m')
      for (const { series, labels } of selectorsOf(expression)) {
        used.add(series)
        expect(Array.from(scraped.keys())).toContain(series)
        for (const label of labels) expect(Array.from(scraped.get(series) ?? [])).toContain(label)
      }
    }
    // Nothing that is counted is left out.
    const counted = Array.from(scraped.keys()).filter((name) => !/_(?:sum|count)$/.test(name))
    expect(Array.from(used).sort()).toEqual(counted.sort())
  },
)

interface Selector {
  readonly series: string
  readonly labels: readonly string[]
}

/** Series of an expression with the labels that it matches; those that it groups by count as labels of all of them. */
function selectorsOf(expression: string): readonly Selector[] {
  const found: { series: string; labels: string[] }[] = []
  const grouped: string[] = []
  const errors: string[] = []
  parser.parse(expression).iterate({
    enter({ type, from, to, node }) {
      const word = expression.slice(from, to)
      if (type.isError) errors.push(`${expression} at ${from}`)
      if (type.name === 'VectorSelector') found.push({ series: '', labels: [] })
      const last = found.at(-1)
      if (type.name === 'Identifier' && node.parent?.name === 'VectorSelector' && last) {
        last.series = word
      }
      if (type.name !== 'LabelName') return
      if (node.parent?.name === 'GroupingLabels') grouped.push(word)
      else last?.labels.push(word)
    },
  })
  expect(errors).toEqual([])
  expect(found.map(({ series }) => series)).not.toContain('')
  return found.map(({ series, labels }) => ({ series, labels: [...labels, ...grouped] }))
}
