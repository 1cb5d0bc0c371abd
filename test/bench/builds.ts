import { resolve } from 'node:path'

import { isOurs, type Contender } from './contenders'

/** A `dist` folder of this package. */
export interface Build {
  readonly dist: string
  /** What tells its rows from those of other builds; empty: there is one only. */
  readonly name: string
}

/** A contender, and the build that it runs; peers run none. */
export interface Entry {
  readonly contender: Contender
  readonly build: Build
}

export const OWN_BUILD: Build = { name: '', dist: resolve(__dirname, '../../dist') }

/** @param given `new=dist`, or a folder without a name. */
export function parseBuild(given: string): Build {
  const at = given.indexOf('=')
  const dist = given.slice(at + 1)
  return { name: at < 0 ? dist : given.slice(0, at), dist: resolve(dist) }
}

/** What is ours takes part once for each build, one after the other. */
export function entriesOf(
  contenders: readonly Contender[],
  builds: readonly [Build, ...Build[]],
): readonly Entry[] {
  return contenders.flatMap((contender) => {
    if (!isOurs(contender)) return [{ contender, build: OWN_BUILD }]
    return builds.map((build) => ({ contender: labelled(contender, build), build }))
  })
}

function labelled(contender: Contender, { name }: Build): Contender {
  return name === '' ? contender : { ...contender, title: `${contender.title} (${name})` }
}
