import type { Finding, Findings } from './check'

export function findingsOf(findings: Findings): readonly Finding[] {
  if (findings === undefined) return []
  return 'level' in findings ? [findings] : findings
}
