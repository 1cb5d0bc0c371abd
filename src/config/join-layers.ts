import { isBlank } from '../apps/value-formats'
import { PARA_NAMES } from './key-names'
import type { Findings, Sourced, SourcedValues } from './sourced'

/** Keys that speak of one thing, which no two layers may name at once. */
interface KeyGroup {
  /** Each says by itself which thing is meant. */
  readonly names: readonly string[]
  /** What completes it; a password may come from a higher layer than the address that it is for, never from a lower one. */
  readonly parts: readonly string[]
}

const KEY_GROUPS: readonly KeyGroup[] = [
  {
    names: ['store.url', 'store.host'],
    parts: ['port', 'user', 'password', 'database', 'ssl', 'ssl_ca'].map((part) => `store.${part}`),
  },
  { names: ['az_app_id'], parts: ['az_secret'] },
  ...Array.from(PARA_NAMES, (names) => ({ names, parts: [] })),
]

/**
 * Takes each key from the first layer that sets it: blank text sets nothing. Where a layer names the thing of a {@link KeyGroup}, the layers below
 * it say nothing of it any more: parts of two addresses, or of two pairs of keys, never make one.
 *
 * @param layers The strongest first.
 * @param prefix Of the keys, for warnings of values that are lost in this way: `para.`.
 */
export function joinLayers(
  layers: readonly SourcedValues[],
  prefix: string,
  findings: Findings,
): SourcedValues {
  const written = layers.map(withoutBlanks)
  const joined = new Map(written.flatMap((layer) => Array.from(layer)).reverse())
  for (const group of KEY_GROUPS) joinGroup(group, written, prefix, joined, findings)
  return joined
}

function joinGroup(
  { names, parts }: KeyGroup,
  written: readonly SourcedValues[],
  prefix: string,
  joined: Map<string, Sourced>,
  findings: Findings,
): void {
  const naming = written.findIndex((layer) => names.some((name) => layer.has(name)))
  const winner = names.find((name) => written[naming]?.has(name))
  if (winner === undefined) return
  const place = `${prefix}${winner} (${String(written[naming]?.get(winner)?.origin)})`
  for (const key of [...names, ...parts]) {
    const index = written.findIndex((layer) => layer.has(key))
    const found = written[index]?.get(key)
    if (found !== undefined && index <= naming) joined.set(key, found)
    if (found === undefined || index <= naming) continue
    joined.delete(key)
    findings.warnings.push(
      `${prefix}${key} (${found.origin}) has no effect, since ${place} replaces what it belongs to`,
    )
  }
}

function withoutBlanks(layer: SourcedValues): SourcedValues {
  return new Map(Array.from(layer).filter(([, { value }]) => !isBlank(value)))
}
