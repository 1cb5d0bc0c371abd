import { readdirSync, readFileSync } from 'node:fs'

/** What a process has used so far, as Linux tells. */
export interface ProcessFigures {
  readonly cpuMs: number
  readonly rssMegabytes: number
  readonly descriptors: number
}

/** Linux counts in hundredths of a second for everybody. */
const TICK_MS = 10
const USER_TIME = 11
const SYSTEM_TIME = 12

export function processFigures(pid: number): ProcessFigures {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The name of the program, in brackets, may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [, kilobytes = '0'] =
    /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return {
    cpuMs: (Number(fields[USER_TIME]) + Number(fields[SYSTEM_TIME])) * TICK_MS,
    rssMegabytes: Number(kilobytes) / 1024,
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
  }
}
