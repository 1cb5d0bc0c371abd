import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/**
 * Moves this process, and what it starts from now on, off one of its processors, which is left to the server that is
 * measured.
 *
 * @returns The number of that processor; undefined where there is one only, or no `taskset`: all share what there is.
 */
export function leaveOneCore(): number | undefined {
  const cores = allowedCores()
  const core = cores.at(-1)
  if (core === undefined || cores.length < 2) return undefined
  const others = cores.slice(0, -1).join(',')
  const { status } = spawnSync('taskset', ['-a', '-c', '-p', others, String(process.pid)])
  return status === 0 ? core : undefined
}

/** From a list such as `0-3,6`. None where the system does not tell. */
function allowedCores(): readonly number[] {
  if (process.platform !== 'linux') return []
  const status = readFileSync('/proc/self/status', 'utf8')
  const [, list = ''] = /^Cpus_allowed_list:\s*(\S+)/m.exec(status) ?? []
  return list.split(',').flatMap((range) => {
    const [first = NaN, last = first] = range.split('-').map(Number)
    return Array.from({ length: last - first + 1 }, (_none, n) => first + n)
  })
}
