import type { Case } from './case'
import { SECTIONS } from './cases'
import { runCase, type Verdict } from './run-case'
import type { Exchange } from './world'

const WIDTH = 110

// npm run conformance: asks a server about every line of the contract, and says what it answered.
void main()

async function main(): Promise<void> {
  const counts = { held: 0, broken: 0 }
  for (const { title, cases } of SECTIONS) {
    console.log(`\n${title}`)
    for (const one of cases) {
      const verdict = await runCase(one)
      counts[verdict.differences.length === 0 ? 'held' : 'broken'] += 1
      for (const line of describe(one, verdict)) console.log(line)
    }
  }
  console.log(`\n${counts.held} hold, ${counts.broken} do not`)
  process.exitCode = counts.broken === 0 ? 0 : 1
}

function describe({ line }: Case, { exchanges, differences }: Verdict): readonly string[] {
  const mark = differences.length === 0 ? '✓' : '✗'
  return [
    `  ${mark} ${line}`,
    ...exchanges.flatMap(describeExchange),
    ...differences.map((difference) => `      ! ${difference}`),
  ]
}

function describeExchange({ sent, status, headers, text }: Exchange): readonly string[] {
  const location = headers.location === undefined ? '' : ` → ${String(headers.location)}`
  return [short(`      ${sent}`), short(`        ${status}${location} ${text}`)]
}

function short(text: string): string {
  const line = text.replace(/\s*\n\s*/g, ' ').trimEnd()
  return line.length <= WIDTH ? line : `${line.slice(0, WIDTH - 1)}…`
}
