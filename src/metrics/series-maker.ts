import type { Counter, CounterConfiguration, Histogram, HistogramConfiguration } from 'prom-client'

import { loadPromClient } from '../late-packages'
import type { HostMetrics } from './metrics'

/** Makes series in a registry of our own, and shows them in that of the host. */
export interface SeriesMaker {
  counter(wanted: CounterConfiguration<string>): Counter
  histogram(wanted: HistogramConfiguration<string>): Histogram
  /** All of it, in the text format of Prometheus. */
  text(): Promise<string>
}

const DEFAULT_PREFIX = 'amazon_auth_'

/**
 * @throws {TypeError} `prefix` makes no names of series. What is made throws one where the host's registry holds another
 *   series of that name.
 */
export function createSeriesMaker(given: HostMetrics | undefined): SeriesMaker {
  const host = given && { register: given.register, prefix: given.prefix ?? DEFAULT_PREFIX }
  const { Counter, Histogram, Registry } = loadPromClient()
  const registry = new Registry()
  const registers = [registry]

  function shared<Made extends Counter | Histogram>(
    wanted: Wanted,
    type: SeriesType,
    make: () => Made,
  ): Made {
    if (host === undefined) return make()
    const there = findShown(wanted, host)
    if (there === undefined) return show(make(), wanted, type, host)
    registry.registerMetric(there as Made)
    return there as Made
  }

  return {
    counter: (wanted) => shared(wanted, 'counter', () => new Counter({ ...wanted, registers })),
    histogram: (wanted) =>
      shared(wanted, 'histogram', () => new Histogram({ ...wanted, registers })),
    text: () => registry.metrics(),
  }
}

type Host = Pick<HostMetrics, 'register'> & { readonly prefix: string }

interface Wanted {
  readonly name: string
  readonly help: string
}

type SeriesType = 'counter' | 'histogram'

/** Under which a series of ours is found again in a registry of the host, by whatever copy of this module. */
const OURS = Symbol.for('express-amazon-auth.series')

/**
 * What an earlier middleware has shown under this name: one that shares the registry, or was there before a module was loaded
 * anew. All of them count in it.
 */
function findShown({ name }: Wanted, { register, prefix }: Host): unknown {
  const shown = prefix + name
  const there = register.getSingleMetric(shown) as { readonly [OURS]?: unknown } | undefined
  if (there === undefined || there[OURS] !== undefined) return there?.[OURS]
  throw new TypeError(
    `amazonAuth: metrics.register holds a series ${shown} that is not ours: set metrics.prefix`,
  )
}

/**
 * Shows a series to the host. Its registry gets a stand-in, by its own name: some registries write to what they hold (OpenMetrics
 * has other names), and ours is not to hear of it.
 */
function show<Made extends Counter | Histogram>(
  made: Made,
  { name, help }: Wanted,
  type: SeriesType,
  { register, prefix }: Host,
): Made {
  const standIn = {
    name: prefix + name,
    help,
    type,
    aggregator: 'sum',
    [OURS]: made,
    get: async () => renamed(await made.get(), standIn.name, prefix),
    reset: () => made.reset(),
  }
  register.registerMetric(standIn as never)
  return made
}

/** Those of a histogram have names of their own: `…_bucket`, `…_sum`, `…_count`. */
function renamed(
  found: { readonly values: readonly object[] },
  name: string,
  prefix: string,
): object {
  const values = found.values.map((value) =>
    'metricName' in value ? { ...value, metricName: prefix + String(value.metricName) } : value,
  )
  return { ...found, name, values }
}
