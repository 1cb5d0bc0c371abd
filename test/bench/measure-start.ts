import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { Build } from './builds'
import { startChild } from './child-process'
import { CLIENT, median } from './race'

/** Of a host on SQLite, beyond Node.js itself. */
export interface Start {
  readonly build: Build
  /** After `require()` of the package. */
  readonly loaded: Spent
  /** After `ready()`. */
  readonly ready: Spent
}

interface Spent {
  /** CPU time, user and system, of all threads. */
  readonly cpuMs: number
  readonly modules: number
}

/** Starts a host some times, each in a process of its own, on a new file. */
export async function measureStart(build: Build, times: number, core?: number): Promise<Start> {
  const starts: Omit<Start, 'build'>[] = []
  while (starts.length < times) starts.push(await startOnce(build, core))
  return {
    build,
    loaded: medianOf(starts.map(({ loaded }) => loaded)),
    ready: medianOf(starts.map(({ ready }) => ready)),
  }
}

async function startOnce({ dist }: Build, core?: number): Promise<Omit<Start, 'build'>> {
  const directory = mkdtempSync(join(tmpdir(), 'bench-'))
  try {
    const settings = { ...CLIENT, dist, storeUrl: `sqlite:${join(directory, 'new.db')}` }
    const child = await startChild<Omit<Start, 'build'>>('start.cjs', settings, {}, core)
    return child.ready
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

function medianOf(all: readonly Spent[]): Spent {
  return {
    cpuMs: median(all.map(({ cpuMs }) => cpuMs)),
    modules: median(all.map(({ modules }) => modules)),
  }
}
