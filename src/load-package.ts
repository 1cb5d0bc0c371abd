import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** A package that is not installed with this one, or not always, cannot be used: missing, too old, or of another machine. */
export class PackageError extends Error {
  override readonly name = 'PackageError'
}

/** What some of the code needs. */
export interface Needed {
  /** Names, and the oldest release that will do of each major, rising: `{ express: ['4.21', '5.0'] }`. */
  readonly packages: Readonly<Record<string, readonly [string, ...string[]]>>
  /** What it is for, and the key that asks for it: `SQLite (para.store.url)`. */
  readonly purpose: string
  /** What can be done without it. */
  readonly instead?: string
}

/**
 * Loads code that needs packages which a host may have left out. What is newer than known is tried.
 *
 * @param load Requires that code.
 * @throws {PackageError} One sentence: what is missing or too old, and what to install.
 */
export function loadPackage<T>(needed: Needed, load: () => T): T {
  const { packages, purpose, instead } = needed
  const problem = (text: string, cause?: unknown): PackageError =>
    new PackageError(`${purpose} needs ${text}${instead ? `; ${instead}` : ''}.`, { cause })
  for (const [name, releases] of Object.entries(packages)) {
    const version = installedVersion(name)
    if (version !== undefined && isTooOld(version, releases)) {
      throw problem(tooOld(name, version, needed))
    }
  }
  try {
    return load()
  } catch (thrown) {
    throw problem(problemOf(needed, thrown), thrown)
  }
}

function tooOld(name: string, version: string, needed: Needed): string {
  const oldest = needed.packages[name] ?? []
  return `the package ${name} from ${oldest.join(' or ')} on, and ${version} is installed: run \`${installing(needed, version)}\``
}

function problemOf(needed: Needed, thrown: unknown): string {
  const { code, message } = thrown as Partial<NodeJS.ErrnoException>
  const missing = code === 'MODULE_NOT_FOUND' ? missingPackage(message) : undefined
  const [name = ''] = Object.keys(needed.packages)
  if (code === 'ERR_DLOPEN_DISABLED') {
    return `the package ${name}, which this process may not load: start Node.js with --allow-addons, and without --no-addons`
  }
  if (missing === undefined) {
    const machine = `${process.platform} ${process.arch}`
    return `the package ${name}, which does not run on this machine (${machine}): ${firstLine(message)}`
  }
  if (missing in needed.packages) {
    return `the package ${missing}, which is not installed: run \`${installing(needed)}\``
  }
  return `the package ${missing}, a part of ${name}, which is not installed: run \`npm install ${missing}\``
}

/** All of them: who lacks one lacks the others. A release of the major that is there, where one will do. */
function installing({ packages }: Needed, installed = ''): string {
  const named = Object.entries(packages).map(([name, releases]) => {
    const same = releases.find((release) => majorOf(release) === majorOf(installed))
    return `${name}@${rangeOf(same ?? releases.at(-1) ?? '')}`
  })
  return `npm install ${named.join(' ')}`
}

function isTooOld(version: string, releases: readonly string[]): boolean {
  const newest = releases.at(-1) ?? ''
  const ofMajor = releases.find((release) => majorOf(release) === majorOf(version))
  if (ofMajor === undefined) return Number(majorOf(version)) < Number(majorOf(newest))
  return minorOf(version) < minorOf(ofMajor)
}

/** Without a character that a shell reads otherwise, as it does `^`. */
function rangeOf(release: string): string {
  return majorOf(release) === '0' ? release : majorOf(release)
}

function majorOf(version: string): string {
  return version.split('.')[0] ?? ''
}

function minorOf(version: string): number {
  return Number(version.split('.')[1])
}

/** Undefined where it cannot be told: not installed, or bundled with the host. */
function installedVersion(name: string): string | undefined {
  try {
    let folder = dirname(require.resolve(name))
    while (folder !== dirname(folder)) {
      const version = versionIn(folder, name)
      if (version !== undefined) return version
      folder = dirname(folder)
    }
  } catch {
    // What keeps it from being found keeps it from being loaded, and is told then.
  }
  return undefined
}

/** Many packages do not export their package.json. */
function versionIn(folder: string, name: string): string | undefined {
  try {
    const text = readFileSync(join(folder, 'package.json'), 'utf8')
    const described = JSON.parse(text) as { readonly name?: string; readonly version?: string }
    return described.name === name ? described.version : undefined
  } catch {
    return undefined
  }
}

/** In the words of Node.js and Jest, or of Yarn. A file of ours that is not there is another matter. */
function missingPackage(message = ''): string | undefined {
  const [, request = ''] = /(?:Cannot find module '|tried to access )([^'\s]+)/.exec(message) ?? []
  return /^(?:@[\w.~-]+\/)?[\w~-][\w.~-]*/.exec(request)?.[0]
}

function firstLine(message = ''): string {
  const [line = ''] = message.split('\n')
  return line
}
