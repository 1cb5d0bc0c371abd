import { cpus } from 'node:os'

/** On what a run was measured, and when. */
export function describeRun(): string {
  const [cpu] = cpus()
  const processors = `${cpus().length} × ${cpu?.model.trim() ?? 'unknown'}`
  return `Node ${process.version}, ${processors}, ${new Date().toISOString().slice(0, 10)}`
}
